namespace FlussLake.Embedded.Tiering;

/// <summary>The value of one partition key: a number (for a timestamp its milliseconds and the nanoseconds within), or the bytes of a text.</summary>
internal readonly record struct PartitionValue(long Number, int Nanoseconds, byte[]? Text) : IComparable<PartitionValue>
{
    /// <summary>Texts are ordered by their bytes, as Paimon orders them.</summary>
    public int CompareTo(PartitionValue other)
    {
        if (Text is not null && other.Text is not null)
        {
            return Text.AsSpan().SequenceCompareTo(other.Text);
        }

        int compared = Number.CompareTo(other.Number);
        return compared != 0 ? compared : Nanoseconds.CompareTo(other.Nanoseconds);
    }
}
