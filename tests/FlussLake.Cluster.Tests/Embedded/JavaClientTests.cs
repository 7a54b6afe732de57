using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Embedded;

namespace FlussLake.Cluster.Tests.Embedded;

/// <summary>Fluss's own Java client with what only an embedded server does.</summary>
public sealed class JavaClientTests
{
    private static readonly TablePath s_path = new("shop", "orders");

    [Fact]
    public void The_Java_client_logs_in_by_user_and_password()
    {
        using EmbeddedKit kit = new(new EmbeddedFlussOptions { Users = new Dictionary<string, string> { ["ada"] = "pw 1" } });
        Create(kit);
        Generate(kit, 0);
        Assert.Equal(50, EmbeddedKit.Dump(kit.Lab, s_path.ToString()).Count);
    }

    [Fact]
    public async Task The_Java_client_follows_a_leadership_that_moves()
    {
        using EmbeddedKit kit = new(new EmbeddedFlussOptions { TabletServers = 3 });
        Create(kit);
        for (int round = 0; round < 4; round++)
        {
            await kit.Fluss.Faults.MoveLeaderAsync(s_path, 0, round % 3);
            await kit.Fluss.Faults.MoveLeaderAsync(s_path, 1, (round + 1) % 3);
            Generate(kit, round * 50);
            Assert.Equal((round + 1) * 50, EmbeddedKit.Dump(kit.Lab, s_path.ToString()).Count);
        }
    }

    [Fact]
    public void Rows_of_the_Java_client_are_there_after_a_restart()
    {
        string folder = Directory.CreateTempSubdirectory("flusslake-data-").FullName;
        try
        {
            EmbeddedFlussOptions options = new() { DataDirectory = folder };
            IReadOnlyList<string> before;
            using (EmbeddedKit kit = new(options))
            {
                Create(kit);
                Generate(kit, 0);
                before = EmbeddedKit.Dump(kit.Lab, s_path.ToString());
            }

            using (EmbeddedKit kit = new(options))
            {
                Assert.Equal(before, EmbeddedKit.Dump(kit.Lab, s_path.ToString()));
                Generate(kit, 50);
                Assert.Equal(100, EmbeddedKit.Dump(kit.Lab, s_path.ToString()).Count);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Create(EmbeddedKit kit) => kit.Lab.Do((JsonObject)JsonNode.Parse(
        $$"""{"do":"create-table","table":"{{s_path}}","lake":false,"buckets":2,"bucketKey":["id"],"columns":[["id","BIGINT NOT NULL"],["note","STRING"]]}""")!);

    private static void Generate(EmbeddedKit kit, int from) => kit.Lab.Do((JsonObject)JsonNode.Parse($$"""{"do":"generate","table":"{{s_path}}","rows":50,"from":{{from}},"flushEvery":20}""")!);
}
