using FlussLake.Client.Metadata;
using FlussLake.Client.Write;
using FlussLake.Client.Write.Keys;

namespace FlussLake.Client.Tests.Write;

public sealed class BucketFunctionTests
{
    private static readonly TablePath s_table = new("d", "t");

    [Theory]
    [InlineData("000A", 7, 0x5B353918u, 0xAA761EE4u, 1, 1, 3)]
    [InlineData("000A0A0A", 12, 0x4A63A407u, 0x0462D594u, 0, 11, 4)]
    [InlineData("32626238376436382D626166392D346536342D393066392D663830393130343139666136", 16, 0x9EF74FF4u, 0xE8C13A8Cu, 6, 12, 12)]
    [InlineData("54686520717569636B2062726F776E20666F78206A756D7073206F76657220746865206C617A7920646F67", 8, 0x1BC6F880u, 0x2E4FF723u, 6, 0, 3)]
    public void Hashes_and_buckets_are_those_of_the_definitions(string hex, int count, uint flussHash, uint murmur, int fluss, int paimon, int iceberg)
    {
        byte[] key = Convert.FromHexString(hex);
        Assert.Equal(flussHash, Murmur3.FlussHash(key));
        Assert.Equal(murmur, Murmur3.Hash(key, 0));
        Assert.Equal(fluss, new FlussBucketFunction().Bucket(key, count));
        Assert.Equal(paimon, new PaimonBucketFunction().Bucket(key, count));
        Assert.Equal(iceberg, new IcebergBucketFunction().Bucket(key, count));
    }

    [Theory]
    [InlineData(null, 1, "01", 0)]
    [InlineData(null, 2, "02", 0)]
    [InlineData(null, 3, "03", 1)]
    [InlineData(null, 100, "64", 2)]
    [InlineData(null, -1, "FFFFFFFF0F", 0)]
    [InlineData(null, "apple", "056170706C65", 1)]
    [InlineData(null, "strawberry", "0A73747261776265727279", 2)]
    [InlineData("paimon", 1, "00000000000000000100000000000000", 1)]
    [InlineData("paimon", 2, "00000000000000000200000000000000", 2)]
    [InlineData("paimon", -1, "0000000000000000FFFFFFFF00000000", 2)]
    [InlineData("paimon", "apple", "00000000000000006170706C65000085", 1)]
    [InlineData("paimon", "strawberry", "00000000000000000A0000001000000073747261776265727279000000000000", 2)]
    [InlineData("iceberg", 1, "0100000000000000", 2)]
    [InlineData("iceberg", 3, "0300000000000000", 0)]
    [InlineData("iceberg", -1, "FFFFFFFFFFFFFFFF", 1)]
    [InlineData("iceberg", "apple", "6170706C65", 0)]
    [InlineData("iceberg", "strawberry", "73747261776265727279", 2)]
    public void Keys_are_encoded_as_the_lake_format_asks(string? format, object value, string key, int bucket)
    {
        TableInfo table = Table(format, new FlussType(value is int ? FlussTypeKind.Int : FlussTypeKind.String));
        ObjectRow row = Row(table, value);
        Assert.Equal(key, Convert.ToHexString(KeyEncoder.For(s_table, KeyColumn.Find(s_table, table.Schema, table.BucketKeys), format).Encode(row)));
        Assert.Equal(bucket, BucketAssigner.Create(table)!.Bucket(row));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("iceberg")]
    public void A_null_key_is_refused_where_Fluss_has_no_bytes_for_it(string? format)
    {
        TableInfo table = Table(format, new FlussType(FlussTypeKind.Int));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => BucketAssigner.Create(table)!.Bucket(Row(table, null)));
        Assert.Contains("column 'k' of table d.t", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_key_has_a_bucket_with_Paimon()
    {
        TableInfo table = Table("paimon", new FlussType(FlussTypeKind.Int));
        KeyEncoder encoder = KeyEncoder.For(s_table, KeyColumn.Find(s_table, table.Schema, table.BucketKeys), "paimon");
        Assert.Equal("0001000000000000" + "0000000000000000", Convert.ToHexString(encoder.Encode(Row(table, null))));
    }

    [Fact]
    public void A_time_is_milliseconds_in_a_Paimon_key()
    {
        TableInfo table = Table("paimon", new FlussType(FlussTypeKind.Time) { Precision = 3 });
        KeyEncoder encoder = KeyEncoder.For(s_table, KeyColumn.Find(s_table, table.Schema, table.BucketKeys), "paimon");
        Assert.Equal("0000000000000000" + "E803000000000000", Convert.ToHexString(encoder.Encode(Row(table, new TimeOnly(0, 0, 1)))));
    }

    [Fact]
    public void A_table_without_bucket_keys_has_no_assigner()
        => Assert.Null(BucketAssigner.Create(Table(null, new FlussType(FlussTypeKind.Int)) with { BucketKeys = [] }));

    [Fact]
    public void Types_and_formats_that_cannot_be_are_named()
    {
        FlussException type = Assert.Throws<FlussException>(() => BucketAssigner.Create(Table("iceberg", new FlussType(FlussTypeKind.Boolean))));
        Assert.Contains("BOOLEAN", type.Message, StringComparison.Ordinal);
        FlussException format = Assert.Throws<FlussException>(() => BucketAssigner.Create(Table("other", new FlussType(FlussTypeKind.Int))));
        Assert.Contains("'other'", format.Message, StringComparison.Ordinal);
    }

    private static ObjectRow Row(TableInfo table, object? value)
    {
        ObjectRow row = new(s_table, table.Schema);
        row.Set([value]);
        return row;
    }

    private static TableInfo Table(string? format, FlussType type) => new()
    {
        Path = s_table,
        TableId = 1,
        Schema = new TableSchema(1, [new FlussColumn("k", type, 0)], []),
        BucketKeys = ["k"],
        BucketCount = 3,
        Properties = format is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["table.datalake.format"] = format },
    };
}
