using System.Text;

using FlussLake.Client.Log;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_polynomial_holds() => Assert.Equal(0xE3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(3071)]
    [InlineData(3072)]
    [InlineData(3073)]
    [InlineData(6151)]
    [InlineData(100_003)]
    public void Every_length_gives_what_the_definition_gives(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Assert.Equal(LogBatches.SlowCrc32C(bytes), Crc32C.Compute(bytes));
    }
}
