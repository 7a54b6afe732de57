using FlussLake.Client.Write.Rows;

namespace FlussLake.Client.Tests.Write;

/// <summary>DateTime as an instant, in zones that the machine of the tests need not be in.</summary>
public sealed class InstantTests
{
    private static readonly TimeZoneInfo s_east = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(14), "east", "east");
    private static readonly TimeZoneInfo s_west = TimeZoneInfo.CreateCustomTimeZone("west", TimeSpan.FromHours(-12), "west", "west");

    [Fact]
    public void A_local_time_is_the_instant_that_its_zone_gives()
    {
        DateTime noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Local);
        Assert.True(ObjectTimes.TryInstant(noon, s_east, out (long Milliseconds, int Nanoseconds) instant));
        Assert.Equal((new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.FromHours(14)).ToUnixTimeMilliseconds(), 0), instant);
        Assert.True(ObjectTimes.TryInstant(DateTime.SpecifyKind(noon, DateTimeKind.Utc), s_east, out instant));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), instant.Milliseconds);
        Assert.False(ObjectTimes.TryInstant(DateTime.SpecifyKind(noon, DateTimeKind.Unspecified), s_east, out _));
    }

    [Fact]
    public void A_local_time_whose_instant_no_DateTime_can_be_is_refused_and_not_moved_to_another_instant()
    {
        DateTime first = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Local);
        DateTime last = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Local);
        Assert.False(ObjectTimes.TryInstant(first.AddHours(13), s_east, out _));
        Assert.True(ObjectTimes.TryInstant(first.AddHours(14), s_east, out _));
        Assert.False(ObjectTimes.TryInstant(last.AddHours(-11), s_west, out _));
        Assert.True(ObjectTimes.TryInstant(last.AddHours(-12), s_west, out _));
        Assert.True(ObjectTimes.TryInstant(last, s_east, out _));
    }
}
