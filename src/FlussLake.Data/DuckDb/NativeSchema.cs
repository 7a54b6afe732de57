using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Native;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// DuckDB's converted form of the Arrow schema of one column: a struct with this column as its only child. One column a schema, because DuckDB gives the release of an
/// array to the first of its columns alone, and each column's buffers must live as long as that column's vector does.
/// </summary>
internal sealed unsafe class NativeSchema : SafeHandle
{
    private NativeSchema(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    public static NativeSchema Create(DuckDBNativeConnection connection, FlussType type)
    {
        using ArrowSchemaBuilder builder = new();
        ArrowSchema* child = builder.Node("column", type);
        ArrowSchema* root = builder.Struct(string.Empty, [(nint)child]);
        DuckDbNative.ThrowOnError(DuckDbNative.SchemaFromArrow(connection, root, out nint converted), $"take a column of type {type}");
        return new NativeSchema(converted);
    }

    protected override bool ReleaseHandle()
    {
        DuckDbNative.DestroyConvertedSchema(ref handle);
        return true;
    }

    /// <summary>Builds the structs in native memory that lives as long as the builder: DuckDB copies what it needs during the call.</summary>
    private sealed class ArrowSchemaBuilder : IDisposable
    {
        private const long Nullable = 2;
        private readonly List<nint> _blocks = [];

        public ArrowSchema* Node(string name, FlussType type) => type.Kind switch
        {
            FlussTypeKind.Array => Make(name, "+l", [(nint)Node("element", type.Element!)]),
            FlussTypeKind.Map => Make(name, "+m", [(nint)Struct("entries", [(nint)Node("key", type.Key!), (nint)Node("value", type.Value!)])]),
            FlussTypeKind.Row => Struct(name, [.. type.Fields.Select(field => (nint)Node(field.Name, field.Type))]),
            _ => Make(name, ArrowFormat.Of(type), []),
        };

        public ArrowSchema* Struct(string name, ReadOnlySpan<nint> children) => Make(name, "+s", children);

        public void Dispose()
        {
            foreach (nint block in _blocks)
            {
                NativeMemory.Free((void*)block);
            }
        }

        private ArrowSchema* Make(string name, string format, ReadOnlySpan<nint> children)
        {
            ArrowSchema* schema = (ArrowSchema*)Allocate(sizeof(ArrowSchema));
            *schema = default;
            schema->Format = Text(format);
            schema->Name = Text(name);
            schema->Flags = Nullable;
            schema->ChildCount = children.Length;
            schema->Release = &Released;
            if (children.Length > 0)
            {
                nint* pointers = (nint*)Allocate(children.Length * sizeof(nint));
                children.CopyTo(new Span<nint>(pointers, children.Length));
                schema->Children = (ArrowSchema**)pointers;
            }

            return schema;
        }

        private byte* Text(string text)
        {
            int length = Encoding.UTF8.GetByteCount(text);
            byte* bytes = (byte*)Allocate(length + 1);
            Encoding.UTF8.GetBytes(text, new Span<byte>(bytes, length));
            bytes[length] = 0;
            return bytes;
        }

        private void* Allocate(int size)
        {
            void* block = NativeMemory.Alloc((nuint)size);
            _blocks.Add((nint)block);
            return block;
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static void Released(ArrowSchema* schema) => schema->Release = null;
    }
}
