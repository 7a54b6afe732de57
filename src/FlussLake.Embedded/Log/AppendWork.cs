using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Embedded.State;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.Log;

/// <summary>The append of one request to one bucket.</summary>
internal sealed class AppendWork(BucketLog log, int server, byte[] records, List<LogBatchHeader> headers, Action<long, FlussException?> done) : IStateWork
{
    private long _offset = -1;
    private FlussException? _refusal;

    public bool IsAlone => false;

    public void Apply(SqliteConnection connection)
    {
        try
        {
            _offset = log.Append(server, records, headers);
        }
        catch (FlussException exception)
        {
            // Refused before anything was written: the other appends of the transaction are not concerned.
            _refusal = exception;
        }
    }

    public void Committed()
    {
        log.Commit();
        done(_offset, _refusal);
    }

    public void Failed(Exception exception)
    {
        log.Rollback();
        done(-1, _refusal ?? exception as FlussException ?? new FlussException(exception.Message, FlussErrorCode.StorageFailure, exception));
    }
}
