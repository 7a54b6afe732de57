using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.ServerFaults;

/// <summary>Every answer that a union read waits for, lost or damaged in every way: once, which costs no row, and always, which is a clear error in time.</summary>
public sealed class AnswerFaultTests
{
    private const int Always = 1_000_000;
    private const int ShortTimeout = 2;

    // What the machine may need beside everything else that runs.
    private const int RestoredTimeout = 60;

    private static readonly FlussApi[] s_apis =
    [
        FlussApi.ApiVersions, FlussApi.Authenticate, FlussApi.GetTableInfo, FlussApi.Metadata, FlussApi.ListOffsets, FlussApi.GetLakeSnapshot, FlussApi.FetchLog,
    ];

    private static readonly FlussApi[] s_apisOfEveryRead = [FlussApi.GetTableInfo, FlussApi.ListOffsets, FlussApi.GetLakeSnapshot, FlussApi.FetchLog];

    public static TheoryData<AnswerFault> Visible =>
    [
        AnswerFault.ClosedBeforeIt, AnswerFault.ClosedInItsLength, AnswerFault.ClosedInItsHeader, AnswerFault.ClosedInItsBody, AnswerFault.CutShort, AnswerFault.Misdirected,
        AnswerFault.Garbled,
    ];

    public static TheoryData<AnswerFault> Silent => [AnswerFault.Swallowed, AnswerFault.Lost, AnswerFault.StalledInItsLength, AnswerFault.StalledInItsBody];

    [Theory]
    [MemberData(nameof(Visible))]
    public Task One_bad_answer_of_each_kind_costs_no_row(AnswerFault fault) => AtOnceAsync(s_apis, async api =>
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
    });

    [Theory]
    [MemberData(nameof(Visible))]
    [MemberData(nameof(Silent))]
    public Task Answers_that_stay_bad_are_an_error_in_time(AnswerFault fault) => AtOnceAsync(s_apis, async api =>
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
    });

    [Fact]
    public Task A_patient_statement_outlasts_a_connection_that_has_fallen_silent() => AtOnceAsync(
        [.. Silent.SelectMany(fault => s_apisOfEveryRead.Select(api => (fault.Data, api)))],
        pair => AssertOutlastedAsync(pair.Item1, pair.api));

    // Most of the time these wait, each for its own server.
    private static Task AtOnceAsync<T>(T[] cases, Func<T, Task> test) => Task.WhenAll(cases.Select(one => Task.Factory.StartNew(
        () => test(one).GetAwaiter().GetResult(), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static async Task AssertOutlastedAsync(AnswerFault fault, FlussApi api)
    {
        await using FaultyShop shop = await FaultyShop.StartAsync();
        using FlussLakeConnection connection = shop.Open(timeout: 120);
        FaultyShop.Read(connection, shop.Rows);
        shop.Fluss.Faults.Add(fault, api, times: 1);

        FlussLakeException? failure = shop.TryRead(connection);

        // An answer that has begun and does not go on is given up early enough for another one.
        bool stalled = fault is AnswerFault.StalledInItsLength or AnswerFault.StalledInItsBody;
        Assert.True(failure is null || (failure.IsTransient && !stalled), $"{api}: {failure}");
        AssertWorks(shop, connection);
    }

    // A server that does not keep to the protocol at the very start is not asked again.
    private static bool IsRetried(AnswerFault fault, FlussApi api) =>
        fault is not (AnswerFault.CutShort or AnswerFault.Misdirected or AnswerFault.Garbled) || api is not (FlussApi.ApiVersions or FlussApi.Authenticate);

    private static void AssertClear(FlussLakeException failure, FlussApi api)
    {
        Assert.True(failure.IsTransient, $"{api}: {failure}");
        Assert.True(failure.Message.Contains("shop.orders", StringComparison.Ordinal), $"{api}: the table is not named: {failure.Message}");
        Assert.True(failure.Message.Contains("127.0.0.1:", StringComparison.Ordinal), $"{api}: the server is not named: {failure.Message}");
    }

    private static void AssertWorks(FaultyShop shop, FlussLakeConnection connection)
    {
        FaultyShop.Read(connection, shop.Rows, RestoredTimeout);
        using FlussLakeConnection fresh = shop.Open(RestoredTimeout);
        FaultyShop.Read(fresh, shop.Rows);
    }
}
