using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.ServerFaults;

/// <summary>Every answer that a union read waits for, lost or damaged in every way: once, which costs no row, and always, which is a clear error in time.</summary>
public sealed class AnswerFaultTests
{
    private const int Always = 1_000_000;
    private const int ShortTimeout = 2;

    private static readonly FlussApi[] s_apis =
    [
        FlussApi.ApiVersions, FlussApi.Authenticate, FlussApi.GetTableInfo, FlussApi.Metadata, FlussApi.ListOffsets, FlussApi.GetLakeSnapshot, FlussApi.FetchLog,
    ];

    public static TheoryData<AnswerFault> Visible =>
    [
        AnswerFault.ClosedBeforeIt, AnswerFault.ClosedInItsLength, AnswerFault.ClosedInItsHeader, AnswerFault.ClosedInItsBody, AnswerFault.CutShort, AnswerFault.Misdirected,
        AnswerFault.Garbled,
    ];

    public static TheoryData<AnswerFault> Silent => [AnswerFault.Swallowed, AnswerFault.Lost, AnswerFault.StalledInItsLength, AnswerFault.StalledInItsBody];

    [Theory]
    [MemberData(nameof(Visible))]
    public async Task One_bad_answer_of_each_kind_costs_no_row(AnswerFault fault)
    {
        foreach (FlussApi api in s_apis)
        {
            await using FaultyShop shop = await FaultyShop.StartAsync();
            shop.Fluss.Faults.Add(fault, api, times: 1);
            using FlussLakeConnection connection = shop.Open();

            FlussLakeException? failure = shop.TryRead(connection);

            Assert.Equal(0, shop.Fluss.Faults.Left);
            if (failure is not null)
            {
                AssertClear(failure, api);
            }

            Assert.True(failure is null || !IsRetried(fault, api), $"{api}: {failure}");
            AssertWorks(shop, connection);
        }
    }

    [Theory]
    [MemberData(nameof(Visible))]
    public async Task Answers_that_stay_bad_are_an_error_in_time(AnswerFault fault) => await AssertErrorAsync(fault);

    [Theory]
    [MemberData(nameof(Silent))]
    public async Task A_server_that_falls_silent_is_an_error_in_time(AnswerFault fault) => await AssertErrorAsync(fault);

    [Theory]
    [MemberData(nameof(Silent))]
    public async Task A_patient_statement_outlasts_a_connection_that_has_fallen_silent(AnswerFault fault)
    {
        FlussApi[] apis = [FlussApi.GetTableInfo, FlussApi.ListOffsets, FlussApi.GetLakeSnapshot, FlussApi.FetchLog];
        await Task.WhenAll(apis.Select(api => Task.Factory.StartNew(
            () => AssertOutlastedAsync(fault, api).GetAwaiter().GetResult(), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    private static async Task AssertErrorAsync(AnswerFault fault)
    {
        foreach (FlussApi api in s_apis)
        {
            await using FaultyShop shop = await FaultyShop.StartAsync();
            shop.Fluss.Faults.Add(fault, api, Always);
            using FlussLakeConnection connection = shop.Open(ShortTimeout);

            FlussLakeException? failure = shop.TryRead(connection);

            Assert.True(failure is not null, $"{api}: rows came in spite of it.");
            AssertClear(failure, api);
            shop.Fluss.Faults.Clear();
            shop.Fluss.Faults.CutConnections();
            AssertWorks(shop, connection);
        }
    }

    private static async Task AssertOutlastedAsync(AnswerFault fault, FlussApi api)
    {
        await using FaultyShop shop = await FaultyShop.StartAsync();
        using FlussLakeConnection connection = shop.Open(timeout: 120);
        FaultyShop.Read(connection, shop.Rows);
        shop.Fluss.Faults.Add(fault, api, times: 1);

        FlussLakeException? failure = shop.TryRead(connection);

        Assert.True(failure is null or { IsTransient: true }, $"{api}: {failure}");
        AssertWorks(shop, connection);
    }

    // An answer with records that cannot be read is not asked for again: it may be the records.
    private static bool IsRetried(AnswerFault fault, FlussApi api) => fault switch
    {
        AnswerFault.CutShort => api != FlussApi.FetchLog && api is not (FlussApi.ApiVersions or FlussApi.Authenticate),
        AnswerFault.Misdirected or AnswerFault.Garbled => api is not (FlussApi.ApiVersions or FlussApi.Authenticate),
        _ => true,
    };

    private static void AssertClear(FlussLakeException failure, FlussApi api)
    {
        Assert.True(failure.IsTransient, $"{api}: {failure}");
        Assert.True(failure.Message.Contains("shop.orders", StringComparison.Ordinal), $"{api}: the table is not named: {failure.Message}");
        Assert.True(failure.Message.Contains("127.0.0.1:", StringComparison.Ordinal), $"{api}: the server is not named: {failure.Message}");
    }

    private static void AssertWorks(FaultyShop shop, FlussLakeConnection connection)
    {
        FaultyShop.Read(connection, shop.Rows);
        using FlussLakeConnection fresh = shop.Open();
        FaultyShop.Read(fresh, shop.Rows);
    }
}
