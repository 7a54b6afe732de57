namespace FlussLake.Client.Tests;

public sealed class AppendWriterOptionsTests
{
    public static TheoryData<string, AppendWriterOptions> Wrong => new()
    {
        { "Acks", new AppendWriterOptions { Acks = (WriteAcks)2, EnableIdempotence = false } },
        { "Acks", new AppendWriterOptions { Acks = WriteAcks.Leader } },
        { "AtLeastOnce", new AppendWriterOptions { AtLeastOnce = true } },
        { "BucketAssignment", new AppendWriterOptions { BucketAssignment = (BucketAssignment)7 } },
        { "MaxInFlightPerBucket", new AppendWriterOptions { MaxInFlightPerBucket = 6 } },
        { "MaxInFlightPerBucket", new AppendWriterOptions { MaxInFlightPerBucket = 0 } },
        { "BatchBytes", new AppendWriterOptions { BatchBytes = 1023 } },
        { "Linger", new AppendWriterOptions { Linger = TimeSpan.FromMilliseconds(-1) } },
        { "MaxRequestBytes", new AppendWriterOptions { MaxRequestBytes = 100 << 20 } },
        { "BufferMemory", new AppendWriterOptions { BufferMemory = 1 << 20 } },
        { "RequestTimeout", new AppendWriterOptions { RequestTimeout = TimeSpan.Zero } },
        { "DeliveryTimeout", new AppendWriterOptions { DeliveryTimeout = TimeSpan.FromDays(2) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_its_range_is_named(string name, AppendWriterOptions options) => Assert.Equal(name, Assert.Throws<ArgumentException>(options.Validate).ParamName);

    [Fact]
    public void The_defaults_and_the_forms_without_idempotence_are_valid()
    {
        new AppendWriterOptions().Validate();
        new AppendWriterOptions { Acks = WriteAcks.None, EnableIdempotence = false, MaxInFlightPerBucket = 100, Linger = TimeSpan.Zero }.Validate();
        new AppendWriterOptions { Acks = WriteAcks.Leader, EnableIdempotence = false, AtLeastOnce = true }.Validate();
    }
}
