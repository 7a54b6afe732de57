namespace FlussLake.Lake.Tests;

public sealed class LocalLakeStorageTests
{
    private readonly LocalLakeStorage _storage = new();

    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b")]
    [InlineData("file:/a/b", "/a/b")]
    [InlineData("file:///a/b/", "/a/b")]
    [InlineData("FILE://localhost/a", "/a")]
    [InlineData("file:/a/p=x%2Fy z", "/a/p=x%2Fy z")]
    [InlineData("/a:b/c", "/a:b/c")]
    [InlineData("/", "/")]
    public void Local_locations_become_paths_and_escapes_stay(string location, string path) => Assert.Equal(path, _storage.Resolve(location));

    [Theory]
    [InlineData("s3://bucket/a", "scheme 's3'")]
    [InlineData("hdfs://host:8020/a", "scheme 'hdfs'")]
    [InlineData("oss:/a", "scheme 'oss'")]
    [InlineData("file://host/a", "host 'host'")]
    [InlineData("file:a", "absolute")]
    [InlineData("a/b", "absolute")]
    [InlineData("", "empty")]
    [InlineData("/a\0b", "NUL")]
    public void Other_locations_are_refused_by_name(string location, string named)
    {
        LakeException e = Assert.Throws<LakeException>(() => _storage.Resolve(location));
        Assert.Equal(LakeErrorKind.NotSupported, e.Kind);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_and_folders_that_are_not_there_are_told_so()
    {
        string folder = Path.Combine(Fixture.Root("rounds"), "nowhere");
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await _storage.ReadAsync(folder + "/x", TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await _storage.ReadAsync(folder, TestContext.Current.CancellationToken));
        Assert.Empty(await _storage.ListAsync(folder, TestContext.Current.CancellationToken));
        Assert.False(await _storage.FolderExistsAsync(folder, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_call_is_finished_when_it_returns()
    {
        string root = Fixture.Root("rounds");
        Assert.True(_storage.ReadAsync(root + "/schema/schema-0", CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.True(_storage.ListAsync(root + "/schema", CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.True(_storage.FolderExistsAsync(root, CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.True(new Paimon.PaimonPlanner(_storage).PlanAsync(root, 1, CancellationToken.None).IsCompletedSuccessfully);
    }
}
