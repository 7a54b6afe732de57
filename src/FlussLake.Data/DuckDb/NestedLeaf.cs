using System.Runtime.InteropServices;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>Copies scalar slots that are nested in a column into the vector of the type that <see cref="LogicalTypes"/> names.</summary>
internal static unsafe class NestedLeaf
{
    public static void Fill(in DecodedColumn column, long first, int count, nint vector, ulong* validity)
    {
        if (count == 0)
        {
            return;
        }

        FlussType type = column.Type;
        byte* data = (byte*)column.Data;
        void* target = DuckDbNative.VectorGetData(vector);
        switch (type.Kind)
        {
            case FlussTypeKind.Boolean:
                for (int i = 0; i < count; i++)
                {
                    ((byte*)target)[i] = (byte)(data[(first + i) >> 3] >> (int)((first + i) & 7) & 1);
                }

                break;
            case FlussTypeKind.TinyInt:
                Copy(data, first, count, 1, target);
                break;
            case FlussTypeKind.SmallInt:
                Copy(data, first, count, 2, target);
                break;
            case FlussTypeKind.Int or FlussTypeKind.Float or FlussTypeKind.Date:
                Copy(data, first, count, 4, target);
                break;
            case FlussTypeKind.Time when type.Precision <= 3:
                for (int i = 0; i < count; i++)
                {
                    ((long*)target)[i] = ((uint*)data)[first + i] * (type.Precision == 0 ? 1_000_000L : 1_000L);
                }

                break;
            case FlussTypeKind.TimestampLtz when type.Precision <= 3:
                FillInstants((long*)data + first, count, (long*)target, validity, type);
                break;
            case FlussTypeKind.BigInt or FlussTypeKind.Double or FlussTypeKind.Time or FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz:
                Copy(data, first, count, 8, target);
                break;
            case FlussTypeKind.Decimal:
                FillDecimals((Int128*)data + first, count, target, type.Precision);
                break;
            default:
                FillTexts(column, first, count, vector, validity);
                break;
        }
    }

    private static void Copy(byte* data, long first, int count, int width, void* target) => NativeMemory.Copy(data + (first * width), target, (nuint)count * (nuint)width);

    private static void FillInstants(long* values, int count, long* target, ulong* validity, FlussType type)
    {
        long unit = type.Precision == 0 ? 1_000_000 : 1_000;
        for (int i = 0; i < count; i++)
        {
            long product = unchecked(values[i] * unit);
            if (product / unit != values[i] && NestedVector.IsValid(validity, i))
            {
                throw new OverflowException($"The instant {values[i]} of a nested {type} is beyond the range of DuckDB's TIMESTAMP WITH TIME ZONE.");
            }

            target[i] = product;
        }
    }

    // DuckDB keeps a DECIMAL in the narrowest integer that holds its digits.
    private static void FillDecimals(Int128* values, int count, void* target, int precision)
    {
        for (int i = 0; i < count; i++)
        {
            switch (precision)
            {
                case <= 4:
                    ((short*)target)[i] = unchecked((short)values[i]);
                    break;
                case <= 9:
                    ((int*)target)[i] = unchecked((int)values[i]);
                    break;
                case <= 18:
                    ((long*)target)[i] = unchecked((long)values[i]);
                    break;
                default:
                    ((Int128*)target)[i] = values[i];
                    break;
            }
        }
    }

    private static void FillTexts(in DecodedColumn column, long first, int count, nint vector, ulong* validity)
    {
        byte* data = (byte*)column.Data;
        int* offsets = (int*)column.Offsets + first;
        bool isFixed = column.Type.Kind == FlussTypeKind.Binary;
        for (int i = 0; i < count; i++)
        {
            if (NestedVector.IsValid(validity, i))
            {
                (long start, int length) = isFixed ? ((first + i) * column.Type.Length, column.Type.Length) : (offsets[i], offsets[i + 1] - offsets[i]);
                DuckDbNative.VectorAssignString(vector, (ulong)i, data + start, (ulong)length);
            }
        }
    }
}
