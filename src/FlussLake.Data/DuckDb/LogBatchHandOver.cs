using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// Gives the columns of a decoded batch to DuckDB without a copy, through the Arrow C data interface. DuckDB's vectors may outlive the reader's next batch, so the batch is
/// counted: by the reader once, and by every vector that still points into it. The last one frees it, on whichever thread that is.
/// </summary>
internal sealed unsafe class LogBatchHandOver
{
    private readonly DecodedLogBatch _batch;
    private readonly nint[] _offsets;
    private readonly nint _self;
    private int _references = 1;

    public LogBatchHandOver(DecodedLogBatch batch)
    {
        _batch = batch;
        _offsets = new nint[batch.Columns.Length];
        _self = GCHandle.ToIntPtr(GCHandle.Alloc(this));
    }

    /// <summary>Makes <paramref name="vector"/> refer to <paramref name="rows"/> values of a decoded column.</summary>
    public void HandOver(LogFunctionInstance instance, NativeSchema schema, int index, int firstRow, int rows, nint vector)
    {
        DecodedColumn column = _batch.Columns[index];
        if (column.Children.Length > 0)
        {
            NestedVector.Fill(column, firstRow, rows, vector, null);
            return;
        }

        bool hasOffsets = column.Type.Kind is FlussTypeKind.Char or FlussTypeKind.String or FlussTypeKind.Bytes or FlussTypeKind.Binary;
        nint offsets = hasOffsets ? Offsets(index, column) : 0;
        Slice* slice = (Slice*)NativeMemory.Alloc((nuint)sizeof(Slice));
        *slice = default;
        slice->Owner = _self;
        slice->Buffers[0] = column.Validity;
        slice->Buffers[1] = hasOffsets ? offsets : column.Data;
        slice->Buffers[2] = column.Data;
        slice->ColumnPointer = &slice->Column;
        slice->Column.Length = rows;
        slice->Column.Offset = firstRow;
        slice->Column.NullCount = column.Validity == 0 ? 0 : column.NullCount;
        slice->Column.BufferCount = hasOffsets ? 3 : 2;
        slice->Column.Buffers = (void**)slice->Buffers;
        slice->Root.Length = rows;
        slice->Root.BufferCount = 1;
        slice->Root.Buffers = (void**)&slice->NoValidity;
        slice->Root.ChildCount = 1;
        slice->Root.Children = &slice->ColumnPointer;
        slice->Root.Release = &Released;
        slice->Root.PrivateData = slice;
        Interlocked.Increment(ref _references);
        nint error = DuckDbNative.DataChunkFromArrow(instance.Connection, &slice->Root, schema.DangerousGetHandle(), out nint chunk);
        if (error != 0)
        {
            if (slice->Root.Release is not null)
            {
                slice->Root.Release(&slice->Root);
            }

            DuckDbNative.ThrowOnError(error, $"take values of type {column.Type}");
        }

        DuckDbNative.VectorReferenceVector(vector, DuckDbNative.DataChunkGetVector(chunk, 0));
        DuckDbNative.DestroyDataChunk(ref chunk);
        GC.KeepAlive(schema);
    }

    /// <summary>Ends one reference; the last one frees the batch.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) > 0)
        {
            return;
        }

        _batch.Release();
        foreach (nint offsets in _offsets)
        {
            NativeMemory.Free((void*)offsets);
        }

        GCHandle.FromIntPtr(_self).Free();
    }

    // DuckDB's own reader of fixed-size binary does not step over NULLs, so that later values shift; variable-size binary with offsets is read right.
    private nint Offsets(int index, DecodedColumn column)
    {
        if (column.Type.Kind != FlussTypeKind.Binary)
        {
            return column.Offsets;
        }

        if (_offsets[index] == 0)
        {
            int rows = checked((int)column.Length);
            int* offsets = (int*)NativeMemory.Alloc((nuint)rows + 1, sizeof(int));
            for (int row = 0; row <= rows; row++)
            {
                offsets[row] = checked(row * column.Type.Length);
            }

            _offsets[index] = (nint)offsets;
        }

        return _offsets[index];
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Released(ArrowArray* root)
    {
        Slice* slice = (Slice*)root->PrivateData;
        root->Release = null;
        LogBatchHandOver owner = (LogBatchHandOver)GCHandle.FromIntPtr(slice->Owner).Target!;
        NativeMemory.Free(slice);
        owner.Release();
    }

    /// <summary>The native structs of one hand-over, in one block: DuckDB keeps pointers into it until it calls the release.</summary>
    private struct Slice
    {
        public ArrowArray Root;
        public ArrowArray Column;
        public ArrowArray* ColumnPointer;
        public fixed long Buffers[3];
        public void* NoValidity;
        public nint Owner;
    }
}
