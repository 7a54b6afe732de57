namespace FlussLake.Client.Write;

/// <summary>The powers of ten that decimals are checked against and scaled by.</summary>
internal static class PowersOfTen
{
    private static readonly Int128[] s_powers = Build();

    /// <summary>10 to the power of 0 to 38.</summary>
    public static Int128 Int128(int exponent) => s_powers[exponent];

    /// <summary>10 to the power of 0 to 18.</summary>
    public static long Int64(int exponent) => (long)s_powers[exponent];

    private static Int128[] Build()
    {
        Int128[] powers = new Int128[39];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
