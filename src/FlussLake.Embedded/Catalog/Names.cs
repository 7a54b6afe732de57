using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Catalog;

/// <summary>Refuses names that databases, tables and partition values cannot have.</summary>
internal static class Names
{
    public static void RequireDatabase(string name) => Require("database", name, FlussErrorCode.InvalidDatabase);

    public static void RequireTable(TablePath path)
    {
        RequireDatabase(path.Database);
        Require("table", path.Table, FlussErrorCode.InvalidTable);
    }

    /// <summary>Checks the value of a partition column, which becomes part of a name.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isNew">Whether a partition is to be made: then the prefix of internal names is not allowed.</param>
    public static void RequirePartitionValue(string value, bool isNew)
    {
        if ((Defect(value) ?? (isNew ? InternalName(value) : null)) is { } defect)
        {
            throw new FlussException($"The partition value '{value}' is not possible: {defect}.", FlussErrorCode.PartitionSpecInvalid);
        }
    }

    private static void Require(string what, string name, FlussErrorCode code)
    {
        if ((Defect(name) ?? InternalName(name)) is { } defect)
        {
            throw new FlussException($"The {what} name '{name}' is not possible: {defect}.", code);
        }
    }

    private static string? Defect(string name) => name switch
    {
        "" => "it is empty",
        { Length: > FlussNames.MaxLength } => $"it has more than {FlussNames.MaxLength} characters",
        _ when !FlussNames.HasOnlyNameCharacters(name) => "only ASCII letters, digits, '_' and '-' are allowed",
        _ => null,
    };

    private static string? InternalName(string name) => name.StartsWith(FlussNames.InternalPrefix, StringComparison.Ordinal) ? $"names that start with '{FlussNames.InternalPrefix}' are internal" : null;
}
