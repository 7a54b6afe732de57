using Dapper;
using FlussLake.Data;

namespace FlussLake.Cluster.Tests;

/// <summary>The C# of the README, compiled as it stands there. A test compares the texts, and runs it against the servers that it has.</summary>
internal static class ReadmeSnippet
{
    public static async Task<IEnumerable<Total>> RunAsync()
    {
        #region README
        await using var connection = new FlussLakeConnection("Bootstrap Servers=127.0.0.1:9123;Database=shop");
        var totals = await connection.QueryAsync<Total>("SELECT status, count(*) AS orders, sum(amount) AS amount FROM fluss_read('orders') GROUP BY status");
        #endregion
        return totals;
    }
}

internal sealed record Total(string Status, long Orders, decimal Amount);
