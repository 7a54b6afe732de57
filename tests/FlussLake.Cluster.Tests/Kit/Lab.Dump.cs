using System.Text.Json.Nodes;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests.Kit;

/// <content>The content of tables, to compare with.</content>
public sealed partial class Lab
{
    /// <summary>The table's content as Fluss's Java client reads it from the log, with each row's bucket and offset.</summary>
    public IReadOnlyList<DumpedRow> Dump(LabTable table)
    {
        string file = Path.GetTempFileName();
        try
        {
            JsonObject command = Command("dump", table);
            command["file"] = file;
            command["withOffsets"] = true;
            Do(command);
            return DumpFile.Read(file, table);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
