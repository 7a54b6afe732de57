using FlussLake.Client.Metadata;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tiering;

/// <summary>Whether a lake column holds the values of a Fluss column, whatever either says of NULL.</summary>
internal static class PaimonTypeMatch
{
    public static bool Holds(LakeField field, FlussType type) => type.Kind switch
    {
        FlussTypeKind.Array => field.Type == "ARRAY" && Holds(field.Children[0], type.Element!),
        FlussTypeKind.Map => field.Type == "MAP" && Holds(field.Children[0], type.Key!) && Holds(field.Children[1], type.Value!),
        FlussTypeKind.Row => field.Type == "ROW" && HoldsMembers(field.Children, type.Fields),
        _ => Same(PaimonDataType.Parse(field.Type), PaimonDataType.Parse(PaimonFieldJson.Name(type))),
    };

    /// <summary>Whether two versions of a lake column hold the same values; ids do not count, NOT NULL does.</summary>
    public static bool Same(LakeField left, LakeField right)
    {
        if (left.Name != right.Name || left.IsNullable != right.IsNullable || left.Children.Count != right.Children.Count
            || !Same(PaimonDataType.Parse(left.Type), PaimonDataType.Parse(right.Type)))
        {
            return false;
        }

        for (int i = 0; i < left.Children.Count; i++)
        {
            if (!Same(left.Children[i], right.Children[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HoldsMembers(IReadOnlyList<LakeField> members, IReadOnlyList<FlussField> fields)
    {
        if (members.Count != fields.Count)
        {
            return false;
        }

        for (int i = 0; i < members.Count; i++)
        {
            if (members[i].Name != fields[i].Name || !Holds(members[i], fields[i].Type))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Same(PaimonDataType left, PaimonDataType right) => Normal(left) == Normal(right);

    private static PaimonDataType Normal(PaimonDataType type) => type switch
    {
        { Root: "INTEGER" } => type with { Root = "INT" },
        { Root: "VARCHAR", Precision: int.MaxValue } => new PaimonDataType("STRING", null, null),
        { Root: "VARBINARY", Precision: int.MaxValue } => new PaimonDataType("BYTES", null, null),
        // Milliseconds at every precision.
        { Root: "TIME" } => new PaimonDataType("TIME", null, null),
        _ => type,
    };
}
