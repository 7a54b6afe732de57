using FlussLake.Lake;
using ZstdSharp;

namespace FlussLake.Embedded.Tiering;

/// <summary>Writes the rows of one bucket into data files, one after another.</summary>
internal sealed class PaimonBucketWriter(string table, LakeSchema schema, string folder, PaimonDataFile template)
{
    private readonly Guid _id = Guid.NewGuid();
    private int _files;
    private PaimonRows? _rows;

    /// <summary>The rows that wait in memory; made at first need.</summary>
    public PaimonRows Rows => _rows ??= new PaimonRows(table, schema);

    /// <summary>About the bytes that a file of the waiting rows would have.</summary>
    public long Size => _rows?.Size ?? 0;

    /// <summary>The bytes that the waiting rows take of the memory.</summary>
    public long MemorySize => _rows?.MemorySize ?? 0;

    /// <summary>Writes the waiting rows into a file of their own; null where there are none.</summary>
    /// <param name="compressor">Compresses finished pages.</param>
    /// <param name="onPath">Hears of the file before it is there, so that it can be removed if anything fails.</param>
    public PaimonDataFile? Flush(Compressor compressor, Action<string> onPath)
    {
        if (_rows is not { Count: > 0 } rows)
        {
            return null;
        }

        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"data-{_id}-{_files++}.parquet");
        onPath(path);
        long size = rows.WriteFile(path, compressor);
        _rows = null;
        return template with { Path = path, SizeInBytes = size, RowCount = rows.Count, CreationTime = DateTime.Now };
    }
}
