using FlussLake.Client.Metadata;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>A column of a test's table.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="TypeText">The type as Fluss SQL writes it.</param>
public sealed record LabColumn(string Name, string TypeText)
{
    public FlussType Type { get; } = TypeText.Length > 0 ? FlussType.Parse(TypeText) : throw new ArgumentException("A column needs a type.", nameof(TypeText));
}
