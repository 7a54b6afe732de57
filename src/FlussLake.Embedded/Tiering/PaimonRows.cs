using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;
using FlussLake.Embedded.Tiering.Columns;
using FlussLake.Lake;
using ZstdSharp;

namespace FlussLake.Embedded.Tiering;

/// <summary>Rows of one bucket on their way into one data file, column by column in memory.</summary>
internal sealed class PaimonRows
{
    private const string RootName = "paimon_schema";

    // Pages end between parts of this many rows at the latest, so that no page grows with the batch.
    private const int PartRows = 1 << 14;
    private readonly ColumnWriter[] _columns;
    private readonly ParquetColumn?[] _system;
    private readonly List<ParquetColumn> _leaves = [];

    public PaimonRows(string table, LakeSchema schema)
    {
        _columns = new ColumnWriter[schema.Fields.Count];
        _system = new ParquetColumn?[_columns.Length];
        for (int i = 0; i < _columns.Length; i++)
        {
            _columns[i] = ColumnWriterFactory.Create(table, schema.Fields[i]);
            _columns[i].AddLeaves(_leaves);
            _system[i] = SystemColumns.Contains(schema.Fields[i].Name) ? _leaves[^1] : null;
        }
    }

    public long Count { get; private set; }

    /// <summary>About the bytes that a file of the rows would have.</summary>
    public long Size => _leaves.Sum(leaf => leaf.Size);

    /// <summary>The bytes that the rows take of the memory.</summary>
    public long MemorySize => _leaves.Sum(leaf => leaf.MemorySize);

    /// <summary>Adds rows of a decoded batch.</summary>
    /// <param name="columns">The decoded columns.</param>
    /// <param name="sources">For each lake column the position among them; negative where there is none.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="origin">Where in the log the first of them lies.</param>
    /// <param name="compressor">Compresses finished pages.</param>
    public void Add(ReadOnlySpan<DecodedColumn> columns, int[] sources, int first, int count, RowOrigin origin, Compressor compressor)
    {
        for (int done = 0; done < count; done += PartRows)
        {
            AddPart(columns, sources, first + done, Math.Min(PartRows, count - done), origin with { Offset = origin.Offset + done }, compressor);
        }
    }

    /// <summary>Writes the file.</summary>
    /// <returns>Its size in bytes.</returns>
    public long WriteFile(string path, Compressor compressor)
    {
        foreach (ParquetColumn leaf in _leaves)
        {
            leaf.EndPage(compressor);
        }

        return ParquetFile.Write(path, RootName, [.. _columns.Select(column => column.Node)], _leaves, Count);
    }

    private void AddPart(ReadOnlySpan<DecodedColumn> columns, int[] sources, int first, int count, RowOrigin origin, Compressor compressor)
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            if (_system[i] is { } system)
            {
                AddOrigin(system, count, origin);
            }
            else if (sources[i] >= 0)
            {
                _columns[i].WriteRows(columns[sources[i]], first, count);
            }
            else
            {
                for (int row = 0; row < count; row++)
                {
                    _columns[i].WriteMissing(0, 0);
                }
            }
        }

        Count += count;
        foreach (ParquetColumn leaf in _leaves)
        {
            leaf.EndRows(compressor);
        }
    }

    private static void AddOrigin(ParquetColumn column, int count, RowOrigin origin)
    {
        column.AddPresentRows(count);
        for (int row = 0; row < count; row++)
        {
            switch (column.Node.Name)
            {
                case SystemColumns.Bucket:
                    column.AppendInt32(origin.Bucket);
                    break;
                case SystemColumns.Offset:
                    column.AppendInt64(origin.Offset + row);
                    break;
                default:
                    // Tables of the first releases keep microseconds.
                    column.AppendInt64(column.Node.Annotation == ParquetAnnotation.TimestampMicrosUtc ? checked(origin.Timestamp * 1000) : origin.Timestamp);
                    break;
            }
        }
    }
}
