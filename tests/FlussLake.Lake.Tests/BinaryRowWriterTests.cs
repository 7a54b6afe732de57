using FlussLake.Lake.Paimon;

namespace FlussLake.Lake.Tests;

public sealed class BinaryRowWriterTests
{
    [Fact]
    public void Rows_are_the_bytes_that_Paimon_writes()
    {
        Assert.Equal("000000000000000000000000", Hex(0, _ => { }));
        Assert.Equal("0000000100000000000000000100000000000000", Hex(1, row => row.SetInt32(0, 1)));
        Assert.Equal(
            "00000002000000000000000031000000000000810100000000000000",
            Hex(2, row =>
            {
                row.SetBytes(0, "1"u8);
                row.SetInt32(1, 1);
            }));
        Assert.Equal("0000000100000000000000000a00000010000000323032342d30312d3031000000000000", Hex(1, row => row.SetBytes(0, "2024-01-01"u8)));
        Assert.Equal("0000000100010000000000000000000000000000", Hex(1, row => row.SetNull(0)));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        BinaryRowWriter writer = new(70);
        writer.SetByte(0, 0xFE);
        writer.SetInt16(1, -300);
        writer.SetInt64(2, long.MinValue);
        writer.SetTimestamp(3, -1, 999_999);
        writer.SetBytes(4, "a text of more than seven bytes"u8);
        writer.SetNull(69);
        Assert.True(BinaryRow.TryRead(writer.ToArray(), out BinaryRow row));
        Assert.Equal((70, 0xFE, -300, long.MinValue), (row.FieldCount, row.GetByte(0), row.GetInt16(1), row.GetInt64(2)));
        Assert.True(row.TryGetTimestamp(3, out long milliseconds, out int nanos));
        Assert.Equal((-1, 999_999), (milliseconds, nanos));
        Assert.True(row.TryGetBytes(4, out ReadOnlySpan<byte> text));
        Assert.Equal("a text of more than seven bytes", System.Text.Encoding.UTF8.GetString(text));
        Assert.True(row.IsNull(69));
        Assert.False(row.IsNull(68));
    }

    private static string Hex(int fields, Action<BinaryRowWriter> set)
    {
        BinaryRowWriter row = new(fields);
        set(row);
        return Convert.ToHexStringLower(row.ToArray());
    }
}
