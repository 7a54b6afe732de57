namespace FlussLake.Client.Write;

/// <summary>NaN with the bits that Java gives it. .NET's own has another sign, and would be another bucket key.</summary>
internal static class CanonicalNaN
{
    public static double Of(double value) => double.IsNaN(value) ? BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000) : value;

    public static float Of(float value) => float.IsNaN(value) ? BitConverter.Int32BitsToSingle(0x7FC0_0000) : value;
}
