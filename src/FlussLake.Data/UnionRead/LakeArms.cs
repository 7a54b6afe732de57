using FlussLake.Client.Metadata;
using FlussLake.Data.UnionRead.Partitions;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// Divides a table's lake half into arms. Files of one schema and partition are an arm with constant keys. Where that would be too many to plan, the files whose paths tell their
/// partition are one arm for each schema, of which DuckDB opens those that can match.
/// </summary>
internal static class LakeArms
{
    // DuckDB takes some 8 µs to plan a column of an arm.
    private const int MostColumns = 10_000;
    private const int Least = 20;

    /// <summary>The most arms that are told apart by constants, fewer for a wide table.</summary>
    public static int Most(TableInfo table) => Math.Clamp(MostColumns / table.Schema.Columns.Count, Least, LogArms.Most);

    /// <summary>Divides the files of a scan.</summary>
    /// <param name="table">The table.</param>
    /// <param name="lake">The scan.</param>
    /// <param name="checkFiles">Whether to look which files are gone, so that only those statements fail that read them.</param>
    public static IReadOnlyList<LakeArm> Divide(TableInfo table, LakeScan lake, bool checkFiles)
    {
        if (table.PartitionKeys.Count == 0)
        {
            return BySchema(lake.Files);
        }

        // Files of one partition share the list of its values.
        PartitionKeyColumn[] keys = PartitionKeyColumn.Of(table);
        LakeArm[] parts =
        [
            .. lake.Files.GroupBy(file => (file.SchemaId, file.PartitionValues)).OrderBy(part => part.Key.SchemaId)
                .Select(part => Part(keys, lake, part.Key.SchemaId, [.. part], checkFiles)),
        ];
        int most = Most(table);
        if (parts.Length <= most)
        {
            return parts;
        }

        List<LakeArm> arms = [];
        List<LakeArm> others = [];
        PathKeys paths = new(keys, lake);

        // DuckDB finds what a path tells by name.
        string[] columns = [.. table.Schema.Columns.Select(column => column.Name)];
        bool hasDistinctNames = DuckDbNames.Of(columns).SequenceEqual(columns);
        foreach (IGrouping<long, LakeArm> schema in parts.GroupBy(part => part.SchemaId))
        {
            List<LakeFile> told = [];
            foreach (LakeArm part in schema)
            {
                if (part.MissingFile is null && hasDistinctNames && paths.Tell(part))
                {
                    told.AddRange(part.Files);
                }
                else
                {
                    others.Add(part);
                }
            }

            if (told.Count > 0)
            {
                arms.Add(new LakeArm(schema.Key, told, []) { PathKeys = paths.Positions });
            }
        }

        // What is too much even so is read without being told apart.
        LakeArm[] apart = [.. others.OrderBy(part => part.MissingFile is null)];
        return [.. arms, .. apart.Take(most), .. BySchema(apart.Skip(most).SelectMany(part => part.Files))];
    }

    private static LakeArm[] BySchema(IEnumerable<LakeFile> files) =>
        [.. files.GroupBy(file => file.SchemaId).OrderBy(schema => schema.Key).Select(schema => new LakeArm(schema.Key, [.. schema], []))];

    private static LakeArm Part(PartitionKeyColumn[] keys, LakeScan lake, long schemaId, List<LakeFile> files, bool checkFiles)
    {
        List<PartitionConstant> constants = [];
        foreach (PartitionKeyColumn key in keys)
        {
            int index = lake.Schema.PartitionKeys.ToList().IndexOf(key.Column.Name);
            if (index >= 0 && LakePartitionText.TryRead(key.Column.Type, files[0].PartitionValues[index], out string? text))
            {
                constants.Add(new PartitionConstant(key.Position, text));
            }
        }

        return new LakeArm(schemaId, files, constants) { MissingFile = checkFiles ? files.Find(file => !File.Exists(file.Path))?.Path : null };
    }
}
