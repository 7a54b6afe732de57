namespace FlussLake.Lake.Paimon;

/// <summary>Names of files that metadata give.</summary>
internal static class PaimonNames
{
    /// <summary>Lets a name through only if it stays inside the folder that it is put behind.</summary>
    internal static string Checked(string file, string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\\0") < 0
            ? name
            : throw LakeErrors.Damaged(file, $"it names the file '{name.Replace('\0', '?')}', which is no file name");
}
