using System.Text;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Tests.Log;

/// <summary>The checks run over vectors and then over what is left, so each position of a wrong value is tried.</summary>
public sealed unsafe class ColumnChecksTests
{
    private const int Length = 37;

    [Fact]
    public void An_offset_that_falls_is_found_wherever_it_is()
    {
        int[] offsets = [.. Enumerable.Range(0, Length + 1)];
        fixed (int* first = offsets)
        {
            Assert.True(ColumnChecks.OffsetsAreValid(first, Length, Length));
            Assert.False(ColumnChecks.OffsetsAreValid(first, Length, Length - 1));
            for (int i = 0; i < Length; i++)
            {
                offsets[i] += 2;
                Assert.False(ColumnChecks.OffsetsAreValid(first, Length, Length));
                offsets[i] -= 2;
            }
        }
    }

    [Fact]
    public void A_time_out_of_range_is_found_wherever_it_is_unless_it_is_null()
    {
        uint[] seconds = new uint[Length];
        ulong[] micros = new ulong[Length];
        byte[] validity = new byte[8];
        fixed (uint* first = seconds)
        fixed (ulong* second = micros)
        fixed (byte* bits = validity)
        {
            for (int i = 0; i < Length; i++)
            {
                validity.AsSpan().Fill(0xFF);
                seconds[i] = 100;
                micros[i] = 100;
                Assert.False(ColumnChecks.TimesAreValid(first, Length, 100, null));
                Assert.False(ColumnChecks.TimesAreValid(second, Length, 100, bits));
                validity[i / 8] ^= (byte)(1 << (i % 8));
                Assert.True(ColumnChecks.TimesAreValid(first, Length, 100, bits));
                Assert.True(ColumnChecks.TimesAreValid(second, Length, 100, bits));
                Assert.Equal(1, ColumnChecks.CountNulls(bits, Length));
                seconds[i] = 99;
                micros[i] = 99;
                Assert.True(ColumnChecks.TimesAreValid(first, Length, 100, null));
                Assert.True(ColumnChecks.TimesAreValid(second, Length, 100, null));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(36)]
    [InlineData(37)]
    [InlineData(38)]
    public void Decimals_have_the_digits_that_their_precision_allows(int precision)
    {
        Int128 limit = Int128.Parse("1" + new string('0', precision), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(IsValid(limit - 1, precision));
        Assert.True(IsValid(1 - limit, precision));
        Assert.True(IsValid(0, precision));
        Assert.False(IsValid(limit, precision));
        Assert.False(IsValid(-limit, precision));
        Assert.False(IsValid(Int128.MaxValue, precision));
        Assert.False(IsValid(Int128.MinValue, precision));
    }

    [Theory]
    [InlineData("aé世🎉", new[] { 0, 1, 3, 6, 10 }, true)]
    [InlineData("aé世🎉", new[] { 0, 2, 3, 6, 10 }, false)]
    [InlineData("aé世🎉", new[] { 0, 1, 3, 8, 10 }, false)]
    [InlineData("aé世🎉", new[] { 0, 10, 10, 10, 10 }, true)]
    [InlineData("aé世🎉", new[] { 1, 3, 3, 3, 6 }, true)]
    [InlineData("aé世🎉", new[] { 2, 3, 3, 3, 6 }, false)]
    [InlineData("aé世🎉", new[] { 0, 1, 3, 6, 9 }, false)]
    [InlineData("abcdefghij", new[] { 0, 0, 3, 8, 10 }, true)]
    public void Strings_must_not_start_or_end_inside_of_a_character(string text, int[] offsets, bool valid)
    {
        byte[] data = [.. Encoding.UTF8.GetBytes(text)];
        fixed (int* first = offsets)
        fixed (byte* bytes = data)
        {
            Assert.Equal(valid, ColumnChecks.TextIsValid(first, offsets.Length - 1, bytes));
        }
    }

    private static bool IsValid(Int128 value, int precision)
    {
        Int128[] values = [0, value, 1];
        fixed (Int128* first = values)
        {
            return ColumnChecks.DecimalsAreValid(first, values.Length, precision, null);
        }
    }
}
