using FlussLake.Lake.Paimon;

namespace FlussLake.Lake.Tests;

/// <summary>Real metadata files, cut and flipped: a plan comes out or a <see cref="LakeException"/>, nothing else, and never a plan of fewer rows.</summary>
public sealed class DamagedMetadataTests
{
    // Two snapshots' worth of small files in every codec, one with partitions, and one with an index manifest.
    public static TheoryData<string, int> Tables => new()
    {
        { "codec_null", 2 }, { "codec_deflate", 2 }, { "codec_snappy", 2 }, { "codec_zstandard", 2 }, { "part_date", 1 }, { "index", 2 }, { "deleted_rows", 4 },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_file_cut_anywhere_is_an_error_that_names_it(string table, int snapshot)
    {
        MemoryLakeStorage storage = Fixture.InMemory(table);
        string[] files = await FilesOfPlanAsync(storage, snapshot);
        foreach (string file in files)
        {
            byte[] whole = storage.Files[file];
            for (int length = 0; length < whole.Length; length++)
            {
                storage.Files[file] = whole[..length];
                try
                {
                    await PlanAsync(storage, snapshot);

                    // Nothing says how long an index manifest is: whole blocks may be missing, then its last one is.
                    if (!file.Contains("index-manifest", StringComparison.Ordinal)) Assert.Fail($"{file} cut to {length} of {whole.Length} bytes was planned");
                }
                catch (LakeException e)
                {
                    Assert.Contains(file, e.Message, StringComparison.Ordinal);
                }
            }

            storage.Files[file] = whole;
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Flipped_bits_give_a_plan_of_all_rows_or_an_error_of_ours(string table, int snapshot)
    {
        MemoryLakeStorage storage = Fixture.InMemory(table);
        string[] files = await FilesOfPlanAsync(storage, snapshot);
        long rows = (await PlanAsync(storage, snapshot)).Files.Sum(f => f.RowCount);
        Random random = new(20260917);
        int refused = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        const int rounds = 3000;
        for (int round = 0; round < rounds; round++)
        {
            string file = files[random.Next(files.Length)];
            byte[] whole = storage.Files[file];
            byte[] damaged = [.. whole];
            for (int flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            storage.Files[file] = damaged;
            try
            {
                LakeScan scan = await PlanAsync(storage, snapshot);

                // A flip inside the JSON's own number of rows is the one that this invariant cannot see.
                if (!file.Contains("/snapshot/", StringComparison.Ordinal)) Assert.Equal(rows, scan.Files.Sum(f => f.RowCount));
            }
            catch (LakeException)
            {
                refused++;
            }

            storage.Files[file] = whole;
        }

        Assert.InRange(refused, rounds / 10, rounds);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - allocated) / rounds, 0, 1 << 20);
    }

    [Fact]
    public async Task A_manifest_that_is_gone_is_told_from_a_damaged_one()
    {
        MemoryLakeStorage storage = Fixture.InMemory("codec_null");
        string manifest = (await FilesOfPlanAsync(storage, 2)).Last(f => f.Contains("/manifest-", StringComparison.Ordinal));
        storage.Files.Remove(manifest);
        LakeException e = await Assert.ThrowsAsync<LakeException>(() => PlanAsync(storage, 2));
        Assert.Equal(LakeErrorKind.FileNotFound, e.Kind);
        Assert.Contains(manifest, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_plan_says_so()
    {
        MemoryLakeStorage storage = Fixture.InMemory("codec_null");
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new PaimonPlanner(storage).PlanAsync("/lake", 2, source.Token));
    }

    private static async Task<string[]> FilesOfPlanAsync(MemoryLakeStorage storage, int snapshot)
    {
        storage.Reads.Clear();
        await PlanAsync(storage, snapshot);
        return [.. storage.Reads.Distinct()];
    }

    private static Task<LakeScan> PlanAsync(MemoryLakeStorage storage, int snapshot) =>
        new PaimonPlanner(storage).PlanAsync("/lake", snapshot, TestContext.Current.CancellationToken);
}
