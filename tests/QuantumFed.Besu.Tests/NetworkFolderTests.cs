namespace QuantumFed.Besu.Tests;

public sealed class NetworkFolderTests(NetworkFixture fixture)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_is_written_with_its_mode_and_nothing_else(bool emptyFolderThere)
    {
        using TemporaryFolder folder = new();
        string path = folder.At("network");
        if (emptyFolderThere)
            Directory.CreateDirectory(path);
        NetworkFolder.Write(fixture.OneMachine, path);
        Assert.Equal(
            fixture.OneMachine.Files.Select(file => file.Path).Order(StringComparer.Ordinal),
            Directory.GetFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(path, file)).Order(StringComparer.Ordinal));
        foreach (NetworkFile file in fixture.OneMachine.Files)
        {
            Assert.Equal(file.Content.ToArray(), File.ReadAllBytes(Path.Combine(path, file.Path)));
            UnixFileMode mode = File.GetUnixFileMode(Path.Combine(path, file.Path));
            Assert.Equal(Owner, file.IsSecret ? mode : mode & Owner);
        }
        foreach (string created in Directory.GetDirectories(path, "*", SearchOption.AllDirectories).Append(path))
            Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(created));
        Assert.All(fixture.OneMachine.EmptyFolders, empty => Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(path, empty))));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Folders_above_are_made_and_a_slash_at_the_end_means_nothing()
    {
        using TemporaryFolder folder = new();
        NetworkFolder.Write(fixture.OneMachine, folder.At("a/b/network/"));
        Assert.True(File.Exists(folder.At("a/b/network/genesis.json")));
    }

    [Fact]
    public void A_file_a_link_and_a_folder_with_content_are_left_as_they_are()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("file"), "mine");
        Directory.CreateDirectory(folder.At("full"));
        File.WriteAllText(folder.At("full/mine"), "mine");
        Directory.CreateDirectory(folder.At("empty"));
        Directory.CreateSymbolicLink(folder.At("link"), folder.At("empty"));
        File.CreateSymbolicLink(folder.At("dangling"), folder.At("nowhere"));
        string[] before = [.. Directory.GetFileSystemEntries(folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        foreach (string name in new[] { "file", "full", "link", "dangling" })
        {
            Assert.False(NetworkFolder.IsFree(folder.At(name)));
            Assert.Throws<IOException>(() => NetworkFolder.Write(fixture.OneMachine, folder.At(name)));
        }
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.Equal("mine", File.ReadAllText(folder.At("full/mine")));
        Assert.True(NetworkFolder.IsFree(folder.At("empty")));
        Assert.True(NetworkFolder.IsFree(folder.At("new")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_writing_fails_midway_nothing_is_left(bool emptyFolderThere)
    {
        using TemporaryFolder folder = new();
        string path = folder.At("network");
        if (emptyFolderThere)
            Directory.CreateDirectory(path);
        // The last file is there already.
        IEnumerable<NetworkFile> files = fixture.OneMachine.Files.Append(fixture.OneMachine.Files[0]);
        Assert.Throws<IOException>(() => NetworkFolder.Write(files, fixture.OneMachine.EmptyFolders, path));
        Assert.Equal(emptyFolderThere ? [path] : [], Directory.GetFileSystemEntries(folder.Root, "*", SearchOption.AllDirectories));
    }
}
