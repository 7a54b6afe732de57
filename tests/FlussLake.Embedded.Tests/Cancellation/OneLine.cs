using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>Statements in a line.</summary>
internal static class OneLine
{
    public static int Run(this FlussLakeConnection connection, string sql)
    {
        using FlussLakeCommand command = new(sql, connection);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(this FlussLakeConnection connection, string sql)
    {
        using FlussLakeCommand command = new(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>Waits until something holds; how long it takes does not matter.</summary>
    public static void Until(Func<bool> holds, string what) => Assert.True(SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(20)), what);
}
