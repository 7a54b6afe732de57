namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>A column that is NOT NULL got a NULL. It never leaves <see cref="PaimonTieringRound"/>, which knows the table and the offset.</summary>
internal sealed class NotNullException(string column) : Exception
{
    public string Column { get; } = column;
}
