using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// <c>__flusslake_files('plan/arm')</c>: the paths of the lake files of one of a plan's arms, joined by <see cref="UnionReadSql.PathSeparator"/>. Long lists reach
/// <c>read_parquet</c> far faster this way than as literals.
/// </summary>
internal static unsafe class FilesFunction
{
    public static void Register(DuckDBConnection anchor) => ScalarFunction.Register(anchor, "__flusslake_files", [DuckDBType.Varchar], &Execute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Execute(nint info, nint input, nint output)
    {
        try
        {
            ulong rows = DuckDbNative.DataChunkGetSize(input);
            nint argument = DuckDbNative.DataChunkGetVector(input, 0);
            for (ulong row = 0; row < rows; row++)
            {
                TextVector.Write(output, row, Paths(TextVector.Read(argument, row) ?? string.Empty));
            }
        }
        catch (Exception failure)
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, failure.Message);
        }
    }

    private static string Paths(string reference)
    {
        if (!ArmReference.TryFind(reference, out UnionReadPlan? plan, out int arm) || arm >= plan.LakeArms.Count)
        {
            throw new FlussLakeException(Messages.PlanGone);
        }

        string[] paths = [.. plan.LakeArms[arm].Files.Select(file => file.Path)];
        if (Array.Find(paths, path => path.Contains(UnionReadSql.PathSeparator, StringComparison.Ordinal)) is { } odd)
        {
            throw new FlussLakeException(Messages.PathWithLineBreak(plan.Table.Path, odd));
        }

        return string.Join(UnionReadSql.PathSeparator, paths);
    }
}
