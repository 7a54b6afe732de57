using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Lake;

/// <summary>Makes no lake tables.</summary>
internal sealed class NoLakeCatalog : ILakeCatalog
{
    public void CreateTable(TableInfo table)
    {
    }

    public void AddColumns(TableInfo table)
    {
    }
}
