namespace FlussLake.Data.Tests;

public sealed class ConnectionStringTests
{
    [Fact]
    public void Every_property_survives_a_round_trip()
    {
        FlussLakeConnectionStringBuilder builder = new()
        {
            BootstrapServers = "a:9123,b:9124",
            Database = "shop",
            UserId = "alice",
            Password = "s;e'c\"ret",
            UnionRead = UnionReadMode.Required,
            CommandTimeout = 7,
            DataSource = "/tmp/x y.db",
            LakeWarehouse = "/lake",
            RemoteData = "/remote",
            TimestampNanoseconds = TimestampNanoseconds.Truncate,
            LogMemory = 1 << 20,
            ConnectionIdleLifetime = 3,
            AllowOtherServers = false,
            ["threads"] = "2",
        };

        FlussLakeConnectionStringBuilder read = new(builder.ConnectionString);

        Assert.Equal("a:9123,b:9124", read.BootstrapServers);
        Assert.Equal("shop", read.Database);
        Assert.Equal("alice", read.UserId);
        Assert.Equal("s;e'c\"ret", read.Password);
        Assert.Equal(UnionReadMode.Required, read.UnionRead);
        Assert.Equal(7, read.CommandTimeout);
        Assert.Equal("/tmp/x y.db", read.DataSource);
        Assert.Equal("/lake", read.LakeWarehouse);
        Assert.Equal("/remote", read.RemoteData);
        Assert.Equal(TimestampNanoseconds.Truncate, read.TimestampNanoseconds);
        Assert.Equal(1 << 20, read.LogMemory);
        Assert.Equal(3, read.ConnectionIdleLifetime);
        Assert.False(read.AllowOtherServers);
        Assert.Equal("2", read["threads"]);
        Assert.Equal(["a:9123", "b:9124"], read.ToSessionSettings().BootstrapServers);
    }

    [Fact]
    public void An_empty_string_gives_the_defaults()
    {
        FlussLakeConnectionStringBuilder builder = new("");

        Assert.Equal("", builder.BootstrapServers);
        Assert.Equal("fluss", builder.Database);
        Assert.Null(builder.Password);
        Assert.Equal(UnionReadMode.Auto, builder.UnionRead);
        Assert.Equal(30, builder.CommandTimeout);
        Assert.Equal("", builder.DataSource);
        Assert.Equal(64L << 20, builder.LogMemory);
        Assert.Equal(60, builder.ConnectionIdleLifetime);
        Assert.True(builder.AllowOtherServers);
    }

    [Theory]
    [InlineData("host=a:1", "Bootstrap Servers")]
    [InlineData("BOOTSTRAPSERVERS=a:1", "Bootstrap Servers")]
    [InlineData("pwd=x", "Password")]
    [InlineData("Username=x", "User ID")]
    [InlineData("DataSource=x", "Data Source")]
    public void Synonyms_mean_their_key(string connectionString, string key) =>
        Assert.Equal([key], new FlussLakeConnectionStringBuilder(connectionString).Keys.Cast<string>());

    [Theory]
    [InlineData("64MB", 64_000_000)]
    [InlineData("64 MiB", 64 << 20)]
    [InlineData("1kib", 1024)]
    [InlineData("12", 12)]
    public void Log_memory_has_units(string text, long bytes) =>
        Assert.Equal(bytes, new FlussLakeConnectionStringBuilder("Log Memory=" + text).LogMemory);

    [Fact]
    public void An_unknown_key_is_named()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new FlussLakeConnection("Bootstrap Servers=a:1;Pasword=geheim"));

        Assert.Contains("pasword", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("geheim", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Union Read", "Sometimes")]
    [InlineData("Union Read", "1")]
    [InlineData("Command Timeout", "-1")]
    [InlineData("Command Timeout", "soon")]
    [InlineData("Log Memory", "0")]
    [InlineData("Log Memory", "9999999999999GB")]
    [InlineData("Allow Other Servers", "perhaps")]
    [InlineData("Bootstrap Servers", "nohost")]
    [InlineData("Bootstrap Servers", "a:0")]
    [InlineData("Timestamp Nanoseconds", "Round")]
    [InlineData("Connection Idle Lifetime", "1m")]
    public void A_bad_value_is_named_with_its_key(string key, string value)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new FlussLakeConnectionStringBuilder($"{key}={value}"));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_memory_database_is_refused() =>
        Assert.Contains(":memory:x", Assert.Throws<ArgumentException>(() => new FlussLakeConnection("Data Source=:memory:x")).Message, StringComparison.Ordinal);

    [Fact]
    public void DuckDB_settings_reach_DuckDB()
    {
        using FlussLakeConnection connection = new("Data Source=:memory:;threads=3;memory_limit=1GiB");
        connection.Open();
        using FlussLakeCommand command = connection.CreateCommand();
        command.CommandText = "SELECT current_setting('threads')::INT || ' ' || current_setting('memory_limit')";

        Assert.Equal("3 1.0 GiB", command.ExecuteScalar());
    }

    [Fact]
    public void The_password_is_gone_once_the_connection_was_opened()
    {
        using FlussLakeConnection connection = new("User ID=alice;Password=geheim");
        Assert.Contains("geheim", connection.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", connection.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", new FlussLakeConnectionStringBuilder(connection.ConnectionString).ToString(), StringComparison.Ordinal);

        connection.Open();
        Assert.DoesNotContain("geheim", connection.ConnectionString, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("geheim", connection.Session!.Settings.Password);
        connection.Close();
        Assert.DoesNotContain("geheim", connection.ConnectionString, StringComparison.OrdinalIgnoreCase);

        // Callers copy the string back; the connection still knows the password.
        connection.ConnectionString = connection.ConnectionString;
        connection.Open();
        Assert.Equal("geheim", connection.Session!.Settings.Password);
    }

    [Fact]
    public void The_connection_string_of_an_open_connection_does_not_change()
    {
        using FlussLakeConnection connection = new("Database=a");
        connection.Open();
        Assert.Throws<InvalidOperationException>(() => connection.ConnectionString = "Database=b");
        connection.Close();
        connection.ConnectionString = "Database=b";
        connection.Open();
        Assert.Equal("b", connection.Database);
    }
}
