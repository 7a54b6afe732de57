using FlussLake.Client.Rpc;

namespace FlussLake.Client.Tests;

public sealed class FlussClientOptionsTests
{
    private static FlussClientOptions Valid => new() { BootstrapServers = ["a:1"] };

    [Fact]
    public void The_text_of_options_never_shows_the_password()
    {
        string text = (Valid with { UserId = "ann", Password = "hunter2" }).ToString();
        Assert.Contains("ann", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>(() => new FlussClient(Valid with { BootstrapServers = [] }));
        Assert.Contains("'nonsense'", Assert.Throws<ArgumentException>(() => new FlussClient(Valid with { BootstrapServers = ["nonsense"] })).Message, StringComparison.Ordinal);
        Assert.Equal("RequestTimeout", Assert.Throws<ArgumentException>(() => new FlussClient(Valid with { RequestTimeout = TimeSpan.Zero })).ParamName);
        Assert.Equal("MaxFetchBytes", Assert.Throws<ArgumentException>(() => new FlussClient(Valid with { MaxFetchBytes = int.MaxValue })).ParamName);
        Assert.Throws<ArgumentException>(() => new FlussClient(Valid with { UserId = "ann" }));
        Assert.Throws<ArgumentException>(() => new FlussClient(Valid with { UserId = "ann", Password = "a\0b" }));
    }

    [Theory]
    [InlineData("localhost:9123", "localhost", 9123, "localhost:9123")]
    [InlineData(" 10.0.0.1:1 ", "10.0.0.1", 1, "10.0.0.1:1")]
    [InlineData("[::1]:65535", "::1", 65535, "[::1]:65535")]
    public void Server_addresses_are_host_and_port(string text, string host, int port, string shown)
    {
        ServerAddress address = ServerAddress.Parse(text);
        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal(shown, address.ToString());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData(":9123")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("::1:9123")]
    [InlineData("a:+1")]
    [InlineData("")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<ArgumentException>(() => ServerAddress.Parse(text));
}
