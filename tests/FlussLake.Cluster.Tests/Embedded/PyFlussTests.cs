using System.Text.Json;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Embedded;

public sealed class PyFlussTests
{
    [Fact]
    public void Pyfluss_makes_a_table_appends_and_reads_all_and_some_columns()
    {
        using EmbeddedKit kit = new();
        kit.Lab.CreateDatabase("shop");
        using JsonDocument answer = JsonDocument.Parse(PyFluss.Run("pyfluss_round_trip.py", kit.Fluss.BootstrapServers, "shop.python"));
        Assert.Equal(100, answer.RootElement.GetProperty("offsets").GetProperty("0").GetInt64());
        JsonElement[] all = [.. answer.RootElement.GetProperty("all").EnumerateArray()];
        Assert.Equal(100, all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            string name = i % 3 == 0 ? "null" : $"\"name {i}\"";
            string score = JsonSerializer.Serialize(i / 4.0);
            using JsonDocument expected = JsonDocument.Parse($$"""{"id":{{i}},"name":{{name}},"score":{{score}},"tags":["{{i}}","x"]}""");
            Assert.True(JsonElement.DeepEquals(expected.RootElement, all[i]), all[i].GetRawText());
        }

        JsonElement[] projected = [.. answer.RootElement.GetProperty("projected").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, 100), projected.Select(row => row.GetProperty("id").GetInt32()));
        Assert.All(projected, row => Assert.Equal(["name", "id"], row.EnumerateObject().Select(column => column.Name)));

        // The Java client reads the same rows.
        Assert.Equal(100, EmbeddedKit.Dump(kit.Lab, "shop.python").Count);
    }
}
