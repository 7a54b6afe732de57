using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// <c>__flusslake_plan(key, transaction, txid, a, b, c)</c>: plans the read that the arguments of <c>fluss_read</c> name and returns its SQL. DuckDB calls it while it binds, on the
/// binding thread, and waits.
/// </summary>
internal static unsafe class PlanFunction
{
    public const string Name = "__flusslake_plan";

    public static void Register(DuckDBConnection anchor) => ScalarFunction.Register(
        anchor, Name, [DuckDBType.Varchar, DuckDBType.UnsignedBigInt, DuckDBType.UnsignedBigInt, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar], &Execute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Execute(nint info, nint input, nint output)
    {
        Session? session = null;
        try
        {
            ulong rows = DuckDbNative.DataChunkGetSize(input);
            nint Argument(ulong position) => DuckDbNative.DataChunkGetVector(input, position);
            for (ulong row = 0; row < rows; row++)
            {
                if (!Session.TryFind(TextVector.Read(Argument(0), row) ?? string.Empty, out session))
                {
                    throw new FlussLakeException(Messages.SessionClosed);
                }

                ulong transaction = ((ulong*)DuckDbNative.VectorGetData(Argument(1)))[row];
                UnionReadPlan plan = session.Reads.Plan(
                    transaction, TextVector.Read(Argument(3), row), TextVector.Read(Argument(4), row), TextVector.Read(Argument(5), row));
                TextVector.Write(output, row, UnionReadSql.Render(plan));
            }
        }
        catch (Exception failure)
        {
            // No exception may cross into native code: the command throws the kept one, with its type.
            session?.Statement?.Fail(failure);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, failure.Message);
        }
    }
}
