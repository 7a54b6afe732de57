using FlussLake.Lake.Paimon;
using static FlussLake.Lake.Tests.PaimonTableBuilder;

namespace FlussLake.Lake.Tests;

/// <summary>Partition values come from the manifests; the folders that Paimon makes of them tell less.</summary>
public sealed class PartitionValueTests
{
    [Theory]
    [InlineData("TIME(0)", 36672120, "10:11:12.12", "p=10%3A11%3A12")]
    [InlineData("TIME(0)", 36672000, "10:11:12.0", "p=10%3A11%3A12")]
    [InlineData("TIME(3)", 36672120, "10:11:12.12", "p=10%3A11%3A12.12")]
    [InlineData("DATE", 19782, "2024-02-29", "p=2024-02-29")]
    [InlineData("INT", -7, "-7", "p=-7")]
    public async Task A_number_is_told_by_its_text(string type, int value, string text, string folder)
    {
        LakeFile file = await PlanAsync(type, row => row.SetInt32(0, value));

        Assert.Equal([text], file.PartitionValues);
        Assert.Equal($"/t/{folder}/bucket-0/a.parquet", file.Path);
    }

    [Theory]
    [InlineData(1.5, "1.5", "p=1.5")]
    [InlineData(1e10, "10000000000", "p=1.0E10")]
    [InlineData(0.001, "0.001", "p=0.001")]
    [InlineData(0.0001, "0.0001", "p=1.0E-4")]
    [InlineData(-0.0, "-0", "p=-0.0")]
    [InlineData(double.NaN, "NaN", "p=NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity", "p=-Infinity")]
    public async Task A_fraction_is_told_by_its_shortest_digits_and_lies_in_a_folder_named_by_Java(double value, string text, string folder)
    {
        LakeFile wide = await PlanAsync("DOUBLE", row => row.SetInt64(0, BitConverter.DoubleToInt64Bits(value)));
        LakeFile narrow = await PlanAsync("FLOAT", row => row.SetInt32(0, BitConverter.SingleToInt32Bits((float)value)));

        Assert.Equal([text], wide.PartitionValues);
        Assert.Equal($"/t/{folder}/bucket-0/a.parquet", wide.Path);
        Assert.Equal([((float)value).ToString("R", System.Globalization.CultureInfo.InvariantCulture)], narrow.PartitionValues);
        Assert.Equal($"/t/{folder}/bucket-0/a.parquet", narrow.Path);
    }

    [Theory]
    [InlineData("61", "p=a")]
    [InlineData("00", "p=%00")]
    [InlineData("ff80", "p=\uFFFD\uFFFD")]
    [InlineData("c3a9", "p=é")]
    [InlineData("2f3d", "p=%2F%3D")]
    [InlineData("", "p=__DEFAULT_PARTITION__")]
    [InlineData("2020", "p=__DEFAULT_PARTITION__")]
    [InlineData("0011223344556677ff", "p=%00%11\"3DUfw\uFFFD")]
    public async Task Bytes_are_told_by_their_hex_digits_and_lie_in_a_folder_named_by_what_they_spell(string hex, string folder)
    {
        LakeFile file = await PlanAsync("BYTES", row => row.SetBytes(0, Convert.FromHexString(hex)));

        Assert.Equal([hex], file.PartitionValues);
        Assert.Equal($"/t/{folder.Replace("\"", "%22", StringComparison.Ordinal)}/bucket-0/a.parquet", file.Path);
    }

    [Theory]
    [InlineData("TIMESTAMP(3) WITH LOCAL TIME ZONE", "2024-02-29 10:11:12.120", "p=2024-02-29 10%3A11%3A12.120")]
    [InlineData("TIMESTAMP(6) WITH LOCAL TIME ZONE", "2024-02-29 10:11:12.120001", "p=2024-02-29 10%3A11%3A12.120001")]
    [InlineData("TIMESTAMP(9)", "2024-02-29 10:11:12.120001002", "p=2024-02-29 10%3A11%3A12.120001002")]
    [InlineData("TIMESTAMP(0)", "2024-02-29 10:11:12.12", "p=2024-02-29 10%3A11%3A12.12")]
    public async Task A_moment_is_told_with_its_fraction_in_UTC(string type, string text, string folder)
    {
        const long Milliseconds = 1709201472120;
        int nanoseconds = type.Contains('9', StringComparison.Ordinal) ? 1002 : 1000;
        bool isShort = type.Contains("(3)", StringComparison.Ordinal) || type.Contains("(0)", StringComparison.Ordinal);

        LakeFile file = await PlanAsync(type, row =>
        {
            if (isShort)
            {
                row.SetInt64(0, Milliseconds);
            }
            else
            {
                row.SetTimestamp(0, Milliseconds, nanoseconds);
            }
        });

        Assert.Equal([text], file.PartitionValues);
        Assert.Equal($"/t/{folder}/bucket-0/a.parquet", file.Path);
    }

    private static async Task<LakeFile> PlanAsync(string type, Action<BinaryRowWriter> set)
    {
        BinaryRowWriter row = new(1);
        set(row);
        PaimonTableBuilder table = new() { Fields = $$"""{"id":0,"name":"id","type":"BIGINT NOT NULL"},{"id":1,"name":"p","type":"{{type}}"}""", PartitionKeys = "\"p\"" };
        PaimonPlanner planner = new(table.Manifest(Entry("a.parquet", partition: row.ToArray())).Build());
        return Assert.Single((await planner.PlanAsync("/t", 1, TestContext.Current.CancellationToken)).Files);
    }
}
