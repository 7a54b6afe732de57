using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Lake;

/// <summary>Where the lake halves of tables are made. Called before the table itself is made or changed, as the real server does.</summary>
internal interface ILakeCatalog
{
    /// <summary>Makes the lake table of a table.</summary>
    /// <exception cref="FlussLake.Client.FlussException">The lake table is there already, or cannot hold the table.</exception>
    /// <exception cref="IOException">The warehouse cannot be written.</exception>
    /// <param name="table">The table.</param>
    /// <param name="isNew">Whether nothing of the table was ever in the lake; otherwise a lake table with rows is the one that it had.</param>
    void CreateTable(TableInfo table, bool isNew = true);

    /// <summary>Gives the lake table the columns that the table has and it lacks.</summary>
    void AddColumns(TableInfo table);
}
