using System.Buffers;
using System.Text;

namespace FlussLake.Embedded.Parquet;

/// <summary>Writes structures in Thrift's compact protocol, as the metadata of Parquet files are written.</summary>
internal ref struct ThriftWriter(ArrayBufferWriter<byte> target)
{
    public const byte I32 = 5;
    public const byte Binary = 8;
    public const byte Struct = 12;
    private const byte True = 1;
    private const byte False = 2;
    private const byte I8 = 3;
    private const byte I64 = 6;
    private const byte List = 9;
    private int _last;

    /// <summary>Begins a structure that is the value of a field. The result is to be given to <see cref="EndStruct"/>.</summary>
    public int BeginStruct(int field)
    {
        Header(field, Struct);
        return BeginItem();
    }

    /// <summary>Begins a structure that is an item of a list, or the outermost one.</summary>
    public int BeginItem()
    {
        int last = _last;
        _last = 0;
        return last;
    }

    public void EndStruct(int outer)
    {
        Byte(0);
        _last = outer;
    }

    public void EmptyStruct(int field) => EndStruct(BeginStruct(field));

    public void BeginList(int field, byte itemType, int count)
    {
        Header(field, List);
        if (count < 15)
        {
            Byte((byte)(count << 4 | itemType));
            return;
        }

        Byte((byte)(0xF0 | itemType));
        Varint((uint)count);
    }

    public void Bool(int field, bool value) => Header(field, value ? True : False);

    public void Int8(int field, sbyte value)
    {
        Header(field, I8);
        Byte((byte)value);
    }

    public void Int32(int field, int value)
    {
        Header(field, I32);
        Int32Item(value);
    }

    public void Int32Item(int value) => Varint((uint)(value << 1 ^ value >> 31));

    public void Int64(int field, long value)
    {
        Header(field, I64);
        Varint((ulong)(value << 1 ^ value >> 63));
    }

    public void Text(int field, string value)
    {
        Header(field, Binary);
        TextItem(value);
    }

    public void TextItem(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Varint((uint)length);
        Encoding.UTF8.GetBytes(value, target.GetSpan(length));
        target.Advance(length);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Header(field, Binary);
        Varint((uint)value.Length);
        target.Write(value);
    }

    private void Header(int field, byte type)
    {
        int delta = field - _last;
        _last = field;
        Byte((byte)(delta << 4 | type));
    }

    private readonly void Byte(byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }

    private readonly void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }
}
