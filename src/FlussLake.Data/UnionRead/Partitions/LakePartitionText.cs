using System.Globalization;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead.Partitions;

/// <summary>Reads the partition values that a lake's manifests tell.</summary>
internal static class LakePartitionText
{
    /// <summary>Gives the text of <see cref="PartitionConstant"/>; false where the rows have to tell the value.</summary>
    public static bool TryRead(FlussType type, string? value, out string? text)
    {
        text = value is not null && type.Kind is FlussTypeKind.Time or FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz ? WithoutZeros(value!) : value;
        return value is null || type.Precision <= ColumnTypes.MicrosecondPrecision || type.Kind is not (FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz)
            || (int.TryParse(value.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out int year) && FlussPartitionText.HasNanoseconds(year));
    }

    private static string WithoutZeros(string time) => time.Contains('.', StringComparison.Ordinal) ? time.TrimEnd('0').TrimEnd('.') : time;
}
