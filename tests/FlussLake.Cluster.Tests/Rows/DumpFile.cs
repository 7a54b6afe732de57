using System.Text.Json;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Rows;

/// <summary>Reads what the lab's <c>dump</c> with offsets wrote: a line <c>[partition, bucket, offset, [values]]</c> for each row of a log table.</summary>
internal static class DumpFile
{
    public static IReadOnlyList<DumpedRow> Read(string file, LabTable table)
    {
        FlussType[] types = [.. table.Columns.Select(column => column.Type)];
        List<DumpedRow> rows = [];
        foreach (string line in File.ReadLines(file))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            JsonElement values = root[3];
            if (values.GetArrayLength() != types.Length)
            {
                throw new FormatException($"{table.Path} has {types.Length} columns in the test and {values.GetArrayLength()} in the dump: {line}");
            }

            rows.Add(new DumpedRow(root[1].GetInt32(), root[2].GetInt64(), [.. values.EnumerateArray().Select((value, i) => Canonical.FromJson(value, types[i]))]));
        }

        return rows;
    }
}
