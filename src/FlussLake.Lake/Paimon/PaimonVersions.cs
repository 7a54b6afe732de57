namespace FlussLake.Lake.Paimon;

/// <summary>The version that each entry of a manifest carries.</summary>
internal static class PaimonVersions
{
    internal static void Require(string file, int? version, int expected)
    {
        if (version != expected)
        {
            throw LakeErrors.FileNotSupported(
                file, $"its entries have the version {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}", $"Version {expected} is supported.");
        }
    }
}
