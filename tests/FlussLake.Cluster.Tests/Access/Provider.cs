using System.Data.Common;
using FlussLake.Data;

namespace FlussLake.Cluster.Tests.Access;

/// <summary>The one place that names the provider's types.</summary>
internal static class Provider
{
    /// <summary>A new, closed connection.</summary>
    public static DbConnection Create(string connectionString) => new FlussLakeConnection(connectionString);

    /// <summary>Whether an exception is the provider's own.</summary>
    public static bool IsOwn(Exception failure) => failure is FlussLakeException;

    /// <summary>The server's code in an exception of the provider, or null where it has none.</summary>
    public static int? ServerErrorCode(Exception failure) => failure is FlussLakeException { ServerErrorCode: { } code } ? (int)code : null;
}
