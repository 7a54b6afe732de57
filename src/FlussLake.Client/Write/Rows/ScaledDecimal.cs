namespace FlussLake.Client.Write.Rows;

/// <summary>Whether a number could be brought to the scale of a DECIMAL.</summary>
internal enum ScaledDecimal
{
    /// <summary>It is no number of a kind that a DECIMAL takes.</summary>
    NotANumber,

    /// <summary>It has digits behind the last one of the scale.</summary>
    TooManyDigits,

    /// <summary>It has more than 38 digits at that scale.</summary>
    TooLarge,

    /// <summary>Nothing was lost.</summary>
    Exact,
}
