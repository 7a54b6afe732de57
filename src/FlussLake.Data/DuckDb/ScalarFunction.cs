using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace FlussLake.Data.DuckDb;

/// <summary>Registers a scalar function with a static callback. It is volatile and sees NULLs: DuckDB must call it at each binding.</summary>
internal static unsafe class ScalarFunction
{
    public static void Register(
        DuckDBConnection anchor, string name, ReadOnlySpan<DuckDBType> parameters, delegate* unmanaged[Cdecl]<nint, nint, nint, void> callback)
    {
        nint function = NativeMethods.ScalarFunction.DuckDBCreateScalarFunction();
        try
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetName(function, name);
            foreach (DuckDBType parameter in parameters)
            {
                using DuckDBLogicalType type = NativeMethods.LogicalType.DuckDBCreateLogicalType(parameter);
                NativeMethods.ScalarFunction.DuckDBScalarFunctionAddParameter(function, type);
            }

            using DuckDBLogicalType text = NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetReturnType(function, text);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetVolatile(function);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetSpecialHandling(function);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetFunction(function, callback);
            if (NativeMethods.ScalarFunction.DuckDBRegisterScalarFunction(anchor.NativeConnection, function) != DuckDBState.Success)
            {
                throw new InvalidOperationException($"DuckDB refused to register the function {name}.");
            }
        }
        finally
        {
            NativeMethods.ScalarFunction.DuckDBDestroyScalarFunction(ref function);
        }
    }
}
