namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// What a reader of a part of a batch found wrong with it. It never leaves <see cref="LogBatchDecoder"/>, which knows the table and the offset and throws
/// a <see cref="FlussException"/> that names them.
/// </summary>
internal sealed class BatchFormatException : Exception
{
    public BatchFormatException(string message, FlussErrorCode code = FlussErrorCode.CorruptRecord)
        : base(message) => Code = code;

    public FlussErrorCode Code { get; }
}
