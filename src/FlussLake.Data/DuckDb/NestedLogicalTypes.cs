using System.Runtime.InteropServices;
using DuckDB.NET.Native;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>The LIST, MAP and STRUCT types that nested log columns arrive in, made of the types that <see cref="LogicalTypes"/> gives their parts.</summary>
internal static unsafe class NestedLogicalTypes
{
    public static DuckDBLogicalType Of(FlussType type)
    {
        nint handle = Handle(type);
        DuckDBLogicalType made = new();
        Marshal.InitHandle(made, handle);
        return made;
    }

    private static nint Handle(FlussType type)
    {
        switch (type.Kind)
        {
            case FlussTypeKind.Array:
                using (DuckDBLogicalType element = LogicalTypes.Of(type.Element!))
                {
                    return DuckDbNative.CreateListType(element.DangerousGetHandle());
                }

            case FlussTypeKind.Map:
                using (DuckDBLogicalType key = LogicalTypes.Of(type.Key!))
                using (DuckDBLogicalType value = LogicalTypes.Of(type.Value!))
                {
                    return DuckDbNative.CreateMapType(key.DangerousGetHandle(), value.DangerousGetHandle());
                }

            default:
                return Struct(type.Fields);
        }
    }

    private static nint Struct(IReadOnlyList<FlussField> fields)
    {
        DuckDBLogicalType[] types = new DuckDBLogicalType[fields.Count];
        nint[] members = new nint[fields.Count];
        nint[] names = new nint[fields.Count];
        try
        {
            for (int i = 0; i < types.Length; i++)
            {
                types[i] = LogicalTypes.Of(fields[i].Type);
                members[i] = types[i].DangerousGetHandle();
                names[i] = Marshal.StringToCoTaskMemUTF8(fields[i].Name);
            }

            fixed (nint* member = members, name = names)
            {
                return DuckDbNative.CreateStructType(member, (byte**)name, (ulong)types.Length);
            }
        }
        finally
        {
            for (int i = 0; i < types.Length; i++)
            {
                types[i]?.Dispose();
                Marshal.FreeCoTaskMem(names[i]);
            }
        }
    }
}
