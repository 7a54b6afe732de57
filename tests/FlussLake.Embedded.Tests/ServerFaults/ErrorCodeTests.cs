using FlussLake.Client;
using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.ServerFaults;

/// <summary>Every error code that the protocol has, and one that it has not, from each request of a union read.</summary>
public sealed class ErrorCodeTests
{
    private const FlussErrorCode Unknown = (FlussErrorCode)9999;

    [Theory]
    [InlineData(FlussApi.GetTableInfo)]
    [InlineData(FlussApi.ListOffsets)]
    [InlineData(FlussApi.GetLakeSnapshot)]
    [InlineData(FlussApi.FetchLog)]
    public async Task A_code_that_allows_it_is_retried_and_another_one_is_told_at_once(FlussApi api)
    {
        await using FaultyShop shop = await FaultyShop.StartAsync();
        using FlussLakeConnection connection = shop.Open();
        foreach (FlussErrorCode code in (FlussErrorCode[])[.. Enum.GetValues<FlussErrorCode>(), Unknown])
        {
            if (code == FlussErrorCode.None)
            {
                continue;
            }

            // The same code for the request as a whole, and for one bucket of it where it asks about buckets.
            AssertOutcome(code, false);
            if (api is FlussApi.ListOffsets or FlussApi.FetchLog)
            {
                AssertOutcome(code, true);
            }
        }

        void AssertOutcome(FlussErrorCode code, bool bucket)
        {
            if (bucket)
            {
                shop.Fluss.Faults.RefuseBucket(api, EmbeddedTable.Path, code, bucket: 1);
            }
            else
            {
                shop.Fluss.Faults.Refuse(code, api);
            }

            FlussLakeException? failure = shop.TryRead(connection);
            string what = $"{api}, {code}{(bucket ? " for a bucket" : "")}: {failure?.ToString() ?? "no failure"}";
            Assert.True(shop.Fluss.Faults.Left == 0, what);
            Assert.True(failure is null == IsOvercome(api, code), what);
            if (failure is not null)
            {
                Assert.True(failure.ServerErrorCode == code && failure.IsTransient == code.IsRetriable(), what);
                Assert.True(failure.Message.Contains("shop.orders", StringComparison.Ordinal), what);
            }

            FaultyShop.Read(connection, shop.Rows);
        }
    }

    // A log is not read again over what is corrupt in it: an error tells of it. An unknown error of a fetch may be one of a leader that is moving.
    private static bool IsOvercome(FlussApi api, FlussErrorCode code) => (api, code) switch
    {
        (FlussApi.FetchLog, FlussErrorCode.CorruptMessage or FlussErrorCode.CorruptRecord or FlussErrorCode.SchemaNotExist) => false,
        (FlussApi.FetchLog, FlussErrorCode.FencedLeaderEpoch or FlussErrorCode.UnknownServerError) => true,
        (FlussApi.GetLakeSnapshot, FlussErrorCode.LakeSnapshotNotExist) => true,
        _ => code.IsRetriable(),
    };

    [Theory]
    [InlineData(FlussApi.GetTableInfo, FlussErrorCode.StorageFailure)]
    [InlineData(FlussApi.ListOffsets, FlussErrorCode.NotLeaderOrFollower)]
    [InlineData(FlussApi.GetLakeSnapshot, FlussErrorCode.NotCoordinatorLeader)]
    [InlineData(FlussApi.FetchLog, FlussErrorCode.LeaderNotAvailable)]
    [InlineData(FlussApi.Metadata, FlussErrorCode.NetworkFailure)]
    [InlineData(FlussApi.Authenticate, FlussErrorCode.RetriableAuthentication)]
    public async Task What_is_retried_is_not_retried_for_ever(FlussApi api, FlussErrorCode code)
    {
        await using FaultyShop shop = await FaultyShop.StartAsync();
        shop.Fluss.Faults.Refuse(code, api, times: 1_000_000);
        using FlussLakeConnection connection = shop.Open(timeout: 3);

        FlussLakeException? failure = shop.TryRead(connection);

        Assert.True(failure is { IsTransient: true }, $"{failure}");
        Assert.Contains("shop.orders", failure.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", failure.Message, StringComparison.Ordinal);
        shop.Fluss.Faults.Clear();
        FaultyShop.Read(connection, shop.Rows, timeout: 60);
    }

    [Fact]
    public async Task The_second_of_two_fetches_may_be_the_one_that_fails()
    {
        await using FaultyShop shop = await FaultyShop.StartAsync();
        using FlussLakeConnection connection = shop.Open();
        shop.Fluss.Faults.Spare(FlussApi.FetchLog);
        shop.Fluss.Faults.Refuse(FlussErrorCode.AuthorizationFailed, FlussApi.FetchLog);

        FlussLakeException? failure = shop.TryRead(connection);

        Assert.Equal(FlussErrorCode.AuthorizationFailed, failure?.ServerErrorCode);
        Assert.Equal("42501", failure!.SqlState);
        FaultyShop.Read(connection, shop.Rows);
    }
}
