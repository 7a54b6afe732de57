using Apache.Arrow.Types;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Chooses how an Arrow type is read as a Fluss type.</summary>
internal static class ArrowColumns
{
    /// <summary>The reader of a column.</summary>
    /// <exception cref="ArgumentException">The Arrow type cannot be written to the Fluss type.</exception>
    public static ArrowColumn Create(TablePath table, string path, FlussType type, IArrowType arrow)
    {
        string place = ValueErrors.Place(table, path);
        return arrow switch
        {
            NullType => new ArrowNulls(),
            DictionaryType dictionary => new ArrowDictionaries(Integers(place, new FlussType(FlussTypeKind.BigInt), dictionary.IndexType)!, Create(table, path, type, dictionary.ValueType)),
            _ => Plain(table, path, place, type, arrow) ?? throw ValueErrors.WrongArrowType(place, type, arrow),
        };
    }

    private static ArrowColumn? Plain(TablePath table, string path, string place, FlussType type, IArrowType arrow) => (type.Kind, arrow) switch
    {
        (FlussTypeKind.Boolean, BooleanType) => new ArrowBooleans(),
        (FlussTypeKind.TinyInt or FlussTypeKind.SmallInt or FlussTypeKind.Int or FlussTypeKind.BigInt, _) => Integers(place, type, arrow),
        (FlussTypeKind.Float or FlussTypeKind.Double, HalfFloatType) => new ArrowFloats<Half>(),
        (FlussTypeKind.Float or FlussTypeKind.Double, FloatType) => new ArrowFloats<float>(),
        (FlussTypeKind.Float or FlussTypeKind.Double, DoubleType) => new ArrowFloats<double>(),
        (FlussTypeKind.Char or FlussTypeKind.String, StringType or LargeStringType or StringViewType) => new ArrowBinaries(),
        (FlussTypeKind.Binary or FlussTypeKind.Bytes, BinaryType or LargeBinaryType or BinaryViewType) => new ArrowBinaries(),
        (FlussTypeKind.Decimal, Decimal32Type decimals) => new ArrowDecimals(decimals.Scale, place, type),
        (FlussTypeKind.Decimal, Decimal64Type decimals) => new ArrowDecimals(decimals.Scale, place, type),
        (FlussTypeKind.Decimal, Decimal128Type decimals) => new ArrowDecimals(decimals.Scale, place, type),
        (FlussTypeKind.Decimal, Decimal256Type decimals) => new ArrowDecimals(decimals.Scale, place, type),
        (FlussTypeKind.Binary or FlussTypeKind.Bytes, FixedSizeBinaryType { TypeId: ArrowTypeId.FixedSizedBinary }) => new ArrowBinaries(),
        (FlussTypeKind.Date, Date32Type) => new ArrowIntegers<int>(place, type),
        (FlussTypeKind.Date, Date64Type) => new ArrowDates(place, type),
        (FlussTypeKind.Time, Time32Type time) => new ArrowTimes<int>(Nanoseconds(time.Unit)),
        (FlussTypeKind.Time, Time64Type time) => new ArrowTimes<long>(Nanoseconds(time.Unit)),
        (FlussTypeKind.Timestamp, TimestampType { Timezone: null or "" } timestamp) => new ArrowTimestamps(Nanoseconds(timestamp.Unit), place, type),
        (FlussTypeKind.TimestampLtz, TimestampType { Timezone: not (null or "") } timestamp) => new ArrowTimestamps(Nanoseconds(timestamp.Unit), place, type),
        (FlussTypeKind.Array, ListType list) => new ArrowLists(Create(table, path + ".element", type.Element!, list.ValueDataType)),
        (FlussTypeKind.Array, LargeListType list) => new ArrowLists(Create(table, path + ".element", type.Element!, list.ValueDataType)),
        (FlussTypeKind.Array, FixedSizeListType list) => new ArrowLists(Create(table, path + ".element", type.Element!, list.ValueDataType)),
        (FlussTypeKind.Map, MapType map) => new ArrowMaps(
            Create(table, path + ".key", type.Key!, map.KeyField.DataType), Create(table, path + ".value", type.Value!, map.ValueField.DataType)),
        (FlussTypeKind.Row, StructType row) when row.Fields.Count == type.Fields.Count => new ArrowStructs(
            [.. type.Fields.Select((field, i) => Create(table, $"{path}.{field.Name}", field.Type, row.Fields[i].DataType))]),
        _ => null,
    };

    private static ArrowColumn? Integers(string place, FlussType type, IArrowType arrow) => arrow switch
    {
        Int8Type => new ArrowIntegers<sbyte>(place, type),
        Int16Type => new ArrowIntegers<short>(place, type),
        Int32Type => new ArrowIntegers<int>(place, type),
        Int64Type => new ArrowIntegers<long>(place, type),
        UInt8Type => new ArrowIntegers<byte>(place, type),
        UInt16Type => new ArrowIntegers<ushort>(place, type),
        UInt32Type => new ArrowIntegers<uint>(place, type),
        UInt64Type => new ArrowIntegers<ulong>(place, type),
        _ => null,
    };

    private static long Nanoseconds(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 1_000_000_000,
        TimeUnit.Millisecond => 1_000_000,
        TimeUnit.Microsecond => 1_000,
        _ => 1,
    };
}
