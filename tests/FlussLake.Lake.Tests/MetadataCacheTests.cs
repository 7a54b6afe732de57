using FlussLake.Lake.Paimon;

namespace FlussLake.Lake.Tests;

/// <summary>What a planner keeps of a table's metadata, and what it asks for each time because its name may come to mean something else.</summary>
public sealed class MetadataCacheTests
{
    private const string ManifestFolder = "/lake/manifest/";

    [Fact]
    public async Task A_new_snapshot_reads_only_what_is_new()
    {
        MemoryLakeStorage storage = Fixture.InMemory("rounds");
        PaimonPlanner planner = new(storage);
        HashSet<string> known = [];
        foreach (ExpectedSnapshot snapshot in Fixture.Expected("rounds"))
        {
            storage.Reads.Clear();
            LakeScan scan = await PlanAsync(planner, snapshot.Snapshot);

            Assert.Equal(snapshot.Rows, scan.Files.Sum(file => file.RowCount));
            List<string> manifests = storage.Reads.FindAll(path => path.StartsWith(ManifestFolder, StringComparison.Ordinal));
            Assert.All(manifests, path => Assert.True(known.Add(path), $"{path} was read again."));

            // Its two lists, the manifest of its own round, and sometimes one that merges those before.
            Assert.InRange(manifests.Count, 2, 4);
            Assert.Equal([$"/lake/snapshot/snapshot-{snapshot.Snapshot}", "/lake/schema/schema-0"], storage.Reads.Except(manifests));
        }
    }

    [Fact]
    public async Task A_table_made_anew_in_the_same_folder_is_planned_as_what_it_is_now()
    {
        MemoryLakeStorage storage = Fixture.InMemory("rounds");
        PaimonPlanner planner = new(storage);
        Assert.Equal(Expected("rounds", 2), Paths(await PlanAsync(planner, 2)));

        storage.Files.Clear();
        foreach ((string path, byte[] bytes) in Fixture.InMemory("codec_null").Files)
        {
            storage.Files.Add(path, bytes);
        }

        Assert.NotEqual(Expected("rounds", 2), Expected("codec_null", 2));
        Assert.Equal(Expected("codec_null", 2), Paths(await PlanAsync(planner, 2)));
    }

    [Fact]
    public async Task An_expired_snapshot_is_missed_although_all_it_names_is_known()
    {
        MemoryLakeStorage storage = Fixture.InMemory("rounds");
        PaimonPlanner planner = new(storage);
        await PlanAsync(planner, 3);
        storage.Files.Remove("/lake/snapshot/snapshot-3");

        LakeException missing = await Assert.ThrowsAsync<LakeException>(() => PlanAsync(planner, 3));

        Assert.Equal(LakeErrorKind.SnapshotNotFound, missing.Kind);
    }

    [Fact]
    public async Task A_snapshot_whose_number_was_used_again_is_planned_as_what_it_is_now()
    {
        MemoryLakeStorage storage = Fixture.InMemory("rounds");
        PaimonPlanner planner = new(storage);
        await PlanAsync(planner, 3);
        byte[] second = storage.Files["/lake/snapshot/snapshot-2"];
        storage.Files["/lake/snapshot/snapshot-3"] = System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(second).Replace("\"id\" : 2", "\"id\" : 3", StringComparison.Ordinal));

        Assert.Equal(Expected("rounds", 2), Paths(await PlanAsync(planner, 3)));
    }

    private static Task<LakeScan> PlanAsync(PaimonPlanner planner, long snapshot) => planner.PlanAsync("/lake", snapshot, TestContext.Current.CancellationToken);

    private static List<string> Paths(LakeScan scan) => [.. scan.Files.Select(file => file.Path["/lake/".Length..]).Order(StringComparer.Ordinal)];

    private static List<string> Expected(string table, long snapshot) =>
        [.. Fixture.Expected(table).Single(expected => expected.Snapshot == snapshot).Files.Select(file => file.Path).Order(StringComparer.Ordinal)];
}
