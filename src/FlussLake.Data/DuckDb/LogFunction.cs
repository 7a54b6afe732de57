using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// <c>__flusslake_log('plan/arm')</c>: an arm of a plan's log half as a table function. Binding names the columns and fetches nothing; each initialisation reads the captured range
/// afresh; DuckDB's threads then take batches and hand their columns over.
/// </summary>
internal static unsafe class LogFunction
{
    public static void Register(DuckDBConnection anchor)
    {
        nint function = NativeMethods.TableFunction.DuckDBCreateTableFunction();
        try
        {
            NativeMethods.TableFunction.DuckDBTableFunctionSetName(function, "__flusslake_log");
            using (DuckDBLogicalType text = NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar))
            {
                NativeMethods.TableFunction.DuckDBTableFunctionAddParameter(function, text);
            }

            NativeMethods.TableFunction.DuckDBTableFunctionSetExtraInfo(function, CallbackHandle.Allocate(LogFunctionInstance.Of(anchor)), CallbackHandle.Delete);
            NativeMethods.TableFunction.DuckDBTableFunctionSetBind(function, &Bind);
            NativeMethods.TableFunction.DuckDBTableFunctionSetInit(function, &Init);
            DuckDbNative.TableFunctionSetLocalInit(function, &LocalInit);
            NativeMethods.TableFunction.DuckDBTableFunctionSetFunction(function, &Fill);
            NativeMethods.TableFunction.DuckDBTableFunctionSupportsProjectionPushdown(function, true);
            if (NativeMethods.TableFunction.DuckDBRegisterTableFunction(anchor.NativeConnection, function) != DuckDBState.Success)
            {
                throw new InvalidOperationException("DuckDB refused to register the table function __flusslake_log.");
            }
        }
        finally
        {
            NativeMethods.TableFunction.DuckDBDestroyTableFunction(ref function);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        try
        {
            using DuckDBValue argument = NativeMethods.TableFunction.DuckDBBindGetParameter(info, 0);
            if (!ArmReference.TryFind(NativeMethods.Value.DuckDBGetVarchar(argument), out UnionReadPlan? plan, out int arm) || arm >= plan.LogArms.Count)
            {
                throw new FlussLakeException(Messages.PlanGone);
            }

            LogBinding binding = new(plan, plan.LogArms[arm], CallbackHandle.Get<LogFunctionInstance>(NativeMethods.TableFunction.DuckDBBindGetExtraInfo(info)));
            using (DuckDBLogicalType marker = NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.TinyInt))
            {
                NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, UnionReadSql.RowMarker, marker);
            }

            foreach (int position in binding.Positions)
            {
                using DuckDBLogicalType type = LogicalTypes.Of(binding.Type(position));
                NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, UnionReadSql.Alias(position), type);
            }

            NativeMethods.TableFunction.DuckDBBindSetCardinality(info, (ulong)binding.Arm.Offsets, isExact: false);
            NativeMethods.TableFunction.DuckDBBindSetBindData(info, CallbackHandle.Allocate(binding), CallbackHandle.Delete);
        }
        catch (Exception failure)
        {
            NativeMethods.TableFunction.DuckDBBindSetError(info, failure.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info)
    {
        try
        {
            LogBinding binding = CallbackHandle.Get<LogBinding>(NativeMethods.TableFunction.DuckDBInitGetBindData(info));
            int[] asked = new int[NativeMethods.TableFunction.DuckDBInitGetColumnCount(info)];
            for (int i = 0; i < asked.Length; i++)
            {
                asked[i] = (int)NativeMethods.TableFunction.DuckDBInitGetColumnIndex(info, (ulong)i);
            }

            LogTableScan scan = new(binding, asked);
            NativeMethods.TableFunction.DuckDBInitSetInitData(info, CallbackHandle.Allocate(scan), CallbackHandle.Delete);
            DuckDbNative.InitSetMaxThreads(info, (ulong)scan.MaxThreads);
        }
        catch (Exception failure)
        {
            NativeMethods.TableFunction.DuckDBInitSetError(info, failure.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void LocalInit(nint info)
    {
        try
        {
            NativeMethods.TableFunction.DuckDBInitSetInitData(info, CallbackHandle.Allocate(new LogTableReader()), CallbackHandle.Delete);
        }
        catch (Exception failure)
        {
            NativeMethods.TableFunction.DuckDBInitSetError(info, failure.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint output)
    {
        LogTableScan? scan = null;
        try
        {
            scan = CallbackHandle.Get<LogTableScan>(NativeMethods.TableFunction.DuckDBFunctionGetInitData(info));
            LogTableReader reader = CallbackHandle.Get<LogTableReader>(DuckDbNative.FunctionGetLocalInitData(info));
            reader.Fill(scan, output);
        }
        catch (Exception failure)
        {
            scan?.Fail(failure);
            NativeMethods.TableFunction.DuckDBFunctionSetError(info, failure.Message);
        }
    }
}
