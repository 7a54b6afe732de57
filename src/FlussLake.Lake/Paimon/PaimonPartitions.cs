using System.Globalization;
using System.Text;
using FlussLake.Client.Write;

namespace FlussLake.Lake.Paimon;

/// <summary>Turns the partition values of manifest entries into folders. A plan asks for the same few partitions over and over, so they are kept.</summary>
internal sealed class PaimonPartitions
{
    private const long MillisecondsPerDay = 86_400_000;
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);
    private readonly Dictionary<ReadOnlyMemory<byte>, PaimonPartition> _known = new(BytesComparer.Instance);
    private readonly string _table;
    private readonly PaimonOptions _options;
    private readonly LakeField[] _keys;

    internal PaimonPartitions(string table, LakeSchema schema, PaimonOptions options)
    {
        _table = table;
        _options = options;
        _keys = [.. schema.PartitionKeys.Select(key => schema.Fields.First(field => field.Name == key))];
    }

    internal PaimonPartition Get(ReadOnlyMemory<byte> row)
    {
        if (_known.TryGetValue(row, out PaimonPartition? partition)) return partition;
        partition = Read(row.Span);
        _known.Add(row, partition);
        return partition;
    }

    private PaimonPartition Read(ReadOnlySpan<byte> bytes)
    {
        if (!BinaryRow.TryRead(bytes, out BinaryRow row) || row.FieldCount != _keys.Length)
            throw Bad($"a file's partition values are not those of {_keys.Length} partition keys");
        string?[] values = new string?[_keys.Length];
        StringBuilder folder = new();
        for (int i = 0; i < values.Length; i++)
        {
            string? name = null;
            if (!row.IsNull(i)) values[i] = Text(row, i, out name);
            if (i > 0) folder.Append('/');
            Escape(folder, _keys[i].Name);
            folder.Append('=');
            Escape(folder, IsBlank(name) ? _options.DefaultPartitionName : name!);
        }

        return new PaimonPartition(folder.ToString(), values);
    }

    /// <summary>A value's text, and the name that its folder has, which differs where the table keeps the names of old Paimon versions.</summary>
    private string Text(BinaryRow row, int index, out string name)
    {
        LakeField key = _keys[index];
        PaimonType type = PaimonType.Parse(key.Type);
        bool legacy = _options.HasLegacyPartitionNames;
        string text;
        switch (type.Root)
        {
            case "CHAR" or "VARCHAR" or "STRING":
                text = name = String(row, index);
                break;
            case "BOOLEAN":
                text = name = row.GetByte(index) != 0 ? "true" : "false";
                break;
            case "TINYINT":
                text = name = ((sbyte)row.GetByte(index)).ToString(CultureInfo.InvariantCulture);
                break;
            case "SMALLINT":
                text = name = row.GetInt16(index).ToString(CultureInfo.InvariantCulture);
                break;
            case "INT" or "INTEGER":
                text = name = row.GetInt32(index).ToString(CultureInfo.InvariantCulture);
                break;
            case "BIGINT":
                text = name = row.GetInt64(index).ToString(CultureInfo.InvariantCulture);
                break;
            case "DATE":
                int days = row.GetInt32(index);
                text = Moment(key, days, 0).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                name = legacy ? days.ToString(CultureInfo.InvariantCulture) : text;
                break;
            case "TIME":
                // Milliseconds are kept whatever the precision: two partitions may lie in one folder.
                int time = row.GetInt32(index);
                text = Time(key, time, 3);
                name = legacy ? time.ToString(CultureInfo.InvariantCulture) : Time(key, time, type.Precision ?? 0);
                break;
            case "FLOAT":
                float single = BitConverter.Int32BitsToSingle(row.GetInt32(index));
                text = single.ToString("R", CultureInfo.InvariantCulture);
                Span<char> ofSingle = stackalloc char[64];
                name = JavaNumber(ofSingle[..JavaFloat.Write(single, ofSingle)]);
                break;
            case "DOUBLE":
                double number = BitConverter.Int64BitsToDouble(row.GetInt64(index));
                text = number.ToString("R", CultureInfo.InvariantCulture);
                Span<char> ofDouble = stackalloc char[64];
                name = JavaNumber(ofDouble[..JavaFloat.Write(number, ofDouble)]);
                break;
            case "BINARY" or "VARBINARY" or "BYTES":
                ReadOnlySpan<byte> bytes = Bytes(row, index);
                text = Convert.ToHexStringLower(bytes);
                name = Encoding.UTF8.GetString(bytes);
                break;
            case "TIMESTAMP" when !legacy:
                text = name = Timestamp(key, row, index, type.Precision ?? 6);
                break;
            case "TIMESTAMP_LTZ" when !legacy:
                // The folder has the time of the writer's zone, which nothing tells; tiering services run in UTC.
                text = name = Timestamp(key, row, index, type.Precision ?? 6);
                break;
            default:
                throw LakeErrors.NotSupported(
                    _table,
                    $"its partition key '{key.Name}' has the type {key.Type}" + (legacy ? " and partition.legacy-name is true" : ""),
                    "Supported partition keys are texts, bytes, numbers but DECIMAL, BOOLEAN, DATE, TIME and, with partition.legacy-name=false, TIMESTAMP and TIMESTAMP_LTZ.");
        }

        return text;
    }

    private string String(BinaryRow row, int index)
    {
        try
        {
            return StrictUtf8.GetString(Bytes(row, index));
        }
        catch (DecoderFallbackException)
        {
            throw Bad($"a value of the partition key '{_keys[index].Name}' is not UTF-8");
        }
    }

    private ReadOnlySpan<byte> Bytes(BinaryRow row, int index) =>
        row.TryGetBytes(index, out ReadOnlySpan<byte> bytes) ? bytes : throw Bad("a partition value lies outside its row");

    /// <summary>Fluss's name of a number as Java writes it.</summary>
    private static string JavaNumber(ReadOnlySpan<char> name) => name switch
    {
        "Inf" => "Infinity",
        "-Inf" => "-Infinity",
        _ => name.ToString().Replace('_', '.'),
    };

    /// <summary>The fraction loses its last zeros, but keeps one digit where the type has any.</summary>
    private string Time(LakeField key, int milliseconds, int precision)
    {
        if (milliseconds is < 0 or >= (int)MillisecondsPerDay) throw Bad($"a value of the partition key '{key.Name}' is no time of day");
        string text = TimeSpan.FromMilliseconds(milliseconds).ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture);
        string fraction = (milliseconds % 1000).ToString("000", CultureInfo.InvariantCulture)[..Math.Min(3, precision)].TrimEnd('0');
        return precision == 0 ? text : text + "." + (fraction.Length == 0 ? "0" : fraction);
    }

    /// <summary>The fraction loses its last zeros down to the type's digits.</summary>
    private string Timestamp(LakeField key, BinaryRow row, int index, int precision)
    {
        long milliseconds;
        int nanos = 0;
        if (precision <= 3) milliseconds = row.GetInt64(index);
        else if (!row.TryGetTimestamp(index, out milliseconds, out nanos)) throw Bad("a partition value lies outside its row");

        long days = Math.DivRem(milliseconds, MillisecondsPerDay, out long ofDay);
        if (ofDay < 0)
        {
            days--;
            ofDay += MillisecondsPerDay;
        }

        string text = Moment(key, days, ofDay).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        string fraction = ((ofDay % 1000 * 1_000_000) + nanos).ToString("000000000", CultureInfo.InvariantCulture);
        int digits = Math.Max(fraction.TrimEnd('0').Length, Math.Min(precision, 9));
        return digits == 0 ? text : text + "." + fraction[..digits];
    }

    private DateTime Moment(LakeField key, long days, long milliseconds)
    {
        // Years beyond four digits get folder names that no rule describes.
        long day = days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        if (day < 0 || day > DateOnly.MaxValue.DayNumber)
        {
            throw LakeErrors.NotSupported(
                _table, $"its partition key '{key.Name}' has a value of {days} days from 1970-01-01", "Partitions of the years 1 to 9999 are supported.");
        }

        return DateOnly.FromDayNumber((int)day).ToDateTime(TimeOnly.MinValue).AddMilliseconds(milliseconds);
    }

    private LakeException Bad(string detail) => new($"The manifests of the lake table '{_table}' are damaged: {detail}.");

    /// <summary>Whether a name is missing or nothing but white space, by Java's notion of it, as the writers are Java.</summary>
    private static bool IsBlank(string? name)
    {
        foreach (char c in name ?? "")
        {
            bool isBlank = c is >= '\t' and <= '\r' or >= '\u001C' and <= ' '
                || (c > 127 && c is not ('\u0085' or '\u00A0' or '\u2007' or '\u202F') && char.IsWhiteSpace(c));
            if (!isBlank) return false;
        }

        return true;
    }

    private static void Escape(StringBuilder target, string text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' or '\u007F' || "\"#%'*/:=?\\{}[]^".Contains(c, StringComparison.Ordinal)) target.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            else target.Append(c);
        }
    }

    private sealed class BytesComparer : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        internal static readonly BytesComparer Instance = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> obj)
        {
            HashCode hash = default;
            hash.AddBytes(obj.Span);
            return hash.ToHashCode();
        }
    }
}
