using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

#if FLUSSLAKE_PROVIDER
using FlussLake.Data;
#endif

namespace FlussLake.Cluster.Tests.Access;

/// <summary>The one place that names the provider's types.</summary>
internal static class Provider
{
#if FLUSSLAKE_PROVIDER
    /// <summary>A new, closed connection.</summary>
    public static DbConnection Create(string connectionString) => new FlussLakeConnection(connectionString);

    /// <summary>Whether an exception is the provider's own.</summary>
    public static bool IsOwn(Exception failure) => failure is FlussLakeException;

    /// <summary>The server's code in an exception of the provider, or null where it has none.</summary>
    public static int? ServerErrorCode(Exception failure) => failure is FlussLakeException { ServerErrorCode: { } code } ? Convert.ToInt32(code, null) : null;
#else
    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The provider is not built yet.")]
    public static DbConnection Create(string connectionString)
    {
        Assert.Skip("This build has no provider yet.");
        throw new InvalidOperationException();
    }

    public static bool IsOwn(Exception failure) => failure is DbException;

    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The provider is not built yet.")]
    public static int? ServerErrorCode(Exception failure) => null;
#endif
}
