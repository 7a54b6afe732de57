using System.Runtime.CompilerServices;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Threading;

namespace FlussLake.Data.DuckDb;

/// <summary>One DuckDB thread's part in a log scan: it takes a batch, decodes the wanted columns, and gives them out a vector's worth of rows at a time.</summary>
internal sealed unsafe class LogTableReader : IDisposable
{
    /// <summary>The rows of a DuckDB vector.</summary>
    public const int VectorSize = 2048;

    private readonly LogBatchDecoder _decoder = new();
    private readonly WorkAndWait _time = new(DedicatedTimeProvider.Instance);
    private LogBatchHandOver? _batch;
    private LogProjection? _projection;
    private int _row;
    private int _left;

    /// <summary>Fills DuckDB's chunk with the next rows; a chunk without rows says that there are no more.</summary>
    public void Fill(LogTableScan scan, nint output)
    {
        while (_left == 0)
        {
            Drop();
            if (!scan.TryTake(_time, out LogScanBatch? batch))
            {
                DuckDbNative.DataChunkSetSize(output, 0);
                return;
            }

            using (batch)
            {
                Take(scan, batch!);
            }
        }

        int rows = Math.Min(_left, VectorSize);
        for (int column = 0; column < scan.Outputs.Count; column++)
        {
            nint vector = DuckDbNative.DataChunkGetVector(output, (ulong)column);
            int position = scan.Outputs[column];
            if (position == LogTableScan.RowMarker)
            {
                Unsafe.InitBlockUnaligned(DuckDbNative.VectorGetData(vector), 0, (uint)rows);
            }
            else if (_projection!.DecodedIndex(position) is >= 0 and int index)
            {
                _batch!.HandOver(scan.Instance, _projection.Schemas[index], index, _row, rows, vector);
            }
            else
            {
                SetNulls(vector);
            }
        }

        DuckDbNative.DataChunkSetSize(output, (ulong)rows);
        _row += rows;
        _left -= rows;
    }

    public void Dispose()
    {
        Drop();
        _decoder.Dispose();
    }

    private void Take(LogTableScan scan, LogScanBatch batch)
    {
        if (!scan.CountsOnly)
        {
            _projection = scan.Projection(batch.Header.SchemaId);
            _batch = new LogBatchHandOver(_decoder.Decode(batch.Bytes, batch.Header, _projection.Layout));
        }

        _row = batch.FirstRow;
        _left = batch.RowCount;
    }

    private void Drop()
    {
        _batch?.Release();
        _batch = null;
    }

    private static void SetNulls(nint vector)
    {
        DuckDbNative.VectorEnsureValidityWritable(vector);
        new Span<ulong>(DuckDbNative.VectorGetValidity(vector), VectorSize / 64).Clear();
    }
}
