using System.Data.Common;
using FlussLake.Client;
using FlussLake.Lake;

namespace FlussLake.Data;

/// <summary>
/// What went wrong in this provider: with Fluss, with the lake, with a time-out. The cause is the <see cref="Exception.InnerException"/>. DuckDB's own errors stay
/// <see cref="DuckDB.NET.Data.DuckDBException"/>, and a cancelled call throws <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class FlussLakeException : DbException
{
    private readonly string? _sqlState;

    /// <summary>Creates an exception that is not transient.</summary>
    /// <param name="message">What went wrong, naming what is at fault, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public FlussLakeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal FlussLakeException(string message, Exception? innerException, bool isTransient, string? sqlState, FlussErrorCode? code = null)
        : base(message, innerException)
    {
        IsTransient = isTransient;
        ServerErrorCode = code;
        _sqlState = sqlState;
    }

    /// <summary>Whether the same statement may succeed when it runs again later.</summary>
    public override bool IsTransient { get; }

    /// <summary>The five characters of the SQL standard where one fits (57014 time-out, 08006 lost connection, 28000 rejected credentials, 42P01 no such table), or null.</summary>
    public override string? SqlState => _sqlState;

    /// <summary>The code of the Fluss protocol where Fluss, or the connection to it, failed; otherwise null.</summary>
    public FlussErrorCode? ServerErrorCode { get; }

    /// <summary>Whether something that was planned, a lake file or a partition, was no longer there when it was read: planning again may find what took its place.</summary>
    internal bool IsPlanOutdated { get; private init; }

    internal static FlussLakeException LakeFileGone(string message, Exception cause) => new(message, cause, isTransient: true, sqlState: null) { IsPlanOutdated = true };

    internal static FlussLakeException PartitionGone(string message, FlussException cause) =>
        new(message, cause, isTransient: true, SqlStateOf(cause.Code), cause.Code) { IsPlanOutdated = true };

    /// <summary>What a failure below the provider becomes when it leaves it.</summary>
    internal static Exception From(Exception cause) => cause switch
    {
        FlussLakeException or OperationCanceledException => cause,
        FlussException fluss => From(fluss, fluss.Message),
        LakeException lake => new FlussLakeException(lake.Message, lake),
        _ => new FlussLakeException(cause.Message, cause),
    };

    /// <summary>A failure of Fluss, told in words of ours.</summary>
    internal static FlussLakeException From(FlussException cause, string message) => new(message, cause, cause.IsTransient, SqlStateOf(cause.Code), cause.Code);

    internal static FlussLakeException TimedOut(TimeSpan timeout, string? waitedFor, Exception? cause)
    {
        string message = Messages.TimedOut(timeout, waitedFor);
        return new FlussLakeException(message, new TimeoutException(message, cause), isTransient: true, "57014");
    }

    private static string? SqlStateOf(FlussErrorCode code) => code switch
    {
        FlussErrorCode.NetworkFailure => "08006",
        FlussErrorCode.AuthenticationFailed or FlussErrorCode.RetriableAuthentication => "28000",
        FlussErrorCode.AuthorizationFailed => "42501",
        FlussErrorCode.TableNotExist => "42P01",
        FlussErrorCode.DatabaseNotExist => "3D000",
        _ => null,
    };
}
