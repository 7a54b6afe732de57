using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// One decoded column or nested field, laid out as Arrow lays it out. The addresses are good while a reference to the <see cref="DecodedLogBatch"/> is held; each is a
/// multiple of 64, at least 64 bytes before and behind each buffer may be read (not used), and all are 0 in a batch without rows.
/// </summary>
internal readonly struct DecodedColumn
{
    /// <summary>The Fluss type; for the entries of a MAP a ROW of key and value.</summary>
    public required FlussType Type { get; init; }

    /// <summary>The number of slots.</summary>
    public required long Length { get; init; }

    /// <summary>The number of slots that are null.</summary>
    public required long NullCount { get; init; }

    /// <summary>The validity bits, 1 for a value; 0 where no slot is null.</summary>
    public nint Validity { get; init; }

    /// <summary>The <see cref="Length"/> + 1 offsets of CHAR, STRING and BYTES (into the bytes), ARRAY and MAP (into the child); otherwise 0.</summary>
    public nint Offsets { get; init; }

    /// <summary>The values, bits or bytes; 0 for ARRAY, MAP and ROW.</summary>
    public nint Data { get; init; }

    /// <summary>The element of ARRAY, the entries of MAP, the fields of ROW; otherwise empty.</summary>
    public required DecodedColumn[] Children { get; init; }
}
