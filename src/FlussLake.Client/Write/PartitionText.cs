using System.Globalization;
using System.Text;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write.Keys;

namespace FlussLake.Client.Write;

/// <summary>
/// The values of a row's partition keys as text, joined by <c>$</c>. Sources: <c>fluss-common/src/main/java/org/apache/fluss/utils/PartitionNameConverters.java</c> for
/// the texts, and <c>PartitionUtils.java</c> and <c>TablePath.java</c> for what the server allows.
/// </summary>
internal sealed class PartitionText
{
    private const string Purpose = "partition key";
    private const long FirstMillisecond = -62_135_596_800_000;
    private const long LastMillisecond = 253_402_300_799_999;

    private readonly List<(int Start, int Length)> _values = [];
    private char[] _text = new char[256];
    private int _length;

    public ReadOnlySpan<char> Name => _text.AsSpan(0, _length);

    /// <summary>Whether values of a type can name partitions.</summary>
    public static bool IsSupported(FlussTypeKind kind)
        => kind is not (FlussTypeKind.Decimal or FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row);

    public ReadOnlySpan<char> Value(int index) => _text.AsSpan(_values[index].Start, _values[index].Length);

    public void Clear()
    {
        _length = 0;
        _values.Clear();
    }

    /// <summary>Appends the value of a column.</summary>
    /// <exception cref="ArgumentException">The value is null or makes no name that the server allows.</exception>
    public void Append(FlussRow row, KeyColumn column)
    {
        if (row.IsNull(column.Position))
        {
            throw KeyErrors.Null(column.Place, Purpose);
        }

        // A value has at most 200 characters; what may be longer is measured before it is written.
        if (_text.Length - _length < FlussNames.MaxLength + 1)
        {
            Array.Resize(ref _text, _text.Length * 2);
        }

        if (_length > 0)
        {
            _text[_length++] = '$';
        }

        int written = Write(row, column, _text.AsSpan(_length));
        Check(column, _text.AsSpan(_length, written));
        _values.Add((_length, written));
        _length += written;
    }

    private static int Write(FlussRow row, KeyColumn column, Span<char> target)
    {
        int position = column.Position;
        int written;
        switch (column.Type.Kind)
        {
            case FlussTypeKind.Boolean:
                return Copy(row.GetBoolean(position) ? "true" : "false", target);
            case FlussTypeKind.Char or FlussTypeKind.String:
                return Text(row.GetBytes(position), column, target);
            case FlussTypeKind.Binary or FlussTypeKind.Bytes:
                ReadOnlySpan<byte> bytes = row.GetBytes(position);
                return bytes.Length * 2 > FlussNames.MaxLength
                    ? throw TooLong(column, Convert.ToHexStringLower(bytes[..8]) + "…")
                    : Convert.TryToHexStringLower(bytes, target, out written) ? written : 0;
            case FlussTypeKind.Float:
                return JavaFloat.Write(column.Single(row), target);
            case FlussTypeKind.Double:
                return JavaFloat.Write(column.Double(row), target);
            case FlussTypeKind.Date:
                return Date(column.Int64(row) * 86_400_000, "yyyy-MM-dd", column, target);
            case FlussTypeKind.Time:
                new TimeOnly(column.TimeMilliseconds(row) * TimeSpan.TicksPerMillisecond).TryFormat(target, out written, "HH-mm-ss_fff", CultureInfo.InvariantCulture);
                return written;
            case FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz:
                return Timestamp(column.Timestamp(row), column, target);
            default:
                column.Int64(row).TryFormat(target, out written, default, CultureInfo.InvariantCulture);
                return written;
        }
    }

    private static int Text(ReadOnlySpan<byte> utf8, KeyColumn column, Span<char> target)
        => utf8.Length > FlussNames.MaxLength ? throw TooLong(column, Encoding.UTF8.GetString(utf8[..20]) + "…") : Encoding.UTF8.GetChars(utf8, target);

    private static int Date(long milliseconds, string format, KeyColumn column, Span<char> target)
    {
        if (milliseconds is < FirstMillisecond or > LastMillisecond)
        {
            throw KeyErrors.Partition(column.Place, $"{milliseconds} ms since 1970", "is not within the years 1 to 9999");
        }

        DateTime.UnixEpoch.AddTicks(milliseconds * TimeSpan.TicksPerMillisecond).TryFormat(target, out int written, format, CultureInfo.InvariantCulture);
        return written;
    }

    private static int Timestamp((long Milliseconds, int Nanoseconds) value, KeyColumn column, Span<char> target)
    {
        int written = Date(value.Milliseconds, "yyyy-MM-dd-HH-mm-ss_fff", column, target);
        value.Nanoseconds.TryFormat(target[written..], out int digits, "000000", CultureInfo.InvariantCulture);
        written += digits;
        return target[..written].TrimEnd('0').Length;
    }

    private static int Copy(string text, Span<char> target)
    {
        text.CopyTo(target);
        return text.Length;
    }

    private static ArgumentException TooLong(KeyColumn column, string text) => KeyErrors.Partition(column.Place, text, $"has more than {FlussNames.MaxLength} characters");

    private static void Check(KeyColumn column, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            throw KeyErrors.Partition(column.Place, "", "is empty");
        }

        if (text.StartsWith(FlussNames.InternalPrefix))
        {
            throw KeyErrors.Partition(column.Place, text.ToString(), $"starts with '{FlussNames.InternalPrefix}', which is reserved");
        }

        if (!FlussNames.HasOnlyNameCharacters(text))
        {
            throw KeyErrors.Partition(column.Place, text.ToString(), "has characters other than ASCII letters, digits, '_' and '-'");
        }
    }
}
