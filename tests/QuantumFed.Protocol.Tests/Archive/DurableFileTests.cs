namespace QuantumFed.Protocol.Tests;

public sealed class DurableFileTests
{
    [Fact]
    public void A_file_holds_what_was_last_written_and_nothing_lies_beside_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("a", "b", "c", "file");
        DurableFile.Write(path, [1, 2, 3]);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        DurableFile.Write(path, [4]);
        Assert.Equal([4], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_content_and_no_other_file()
    {
        using var folder = new TemporaryFolder();
        // Renaming a file over a folder that is not empty fails after everything was written.
        string path = folder.At("taken");
        Directory.CreateDirectory(path);
        File.WriteAllBytes(Path.Combine(path, "old"), [7]);
        Assert.ThrowsAny<Exception>(() => DurableFile.Write(path, [1, 2, 3]));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal([7], File.ReadAllBytes(Path.Combine(path, "old")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("file"), [7]);
        Assert.ThrowsAny<IOException>(() => DurableFile.Write(folder.At("file", "below"), [1]));
        Assert.Equal([7], File.ReadAllBytes(folder.At("file")));
    }

    [Fact]
    public void A_secret_file_is_its_owners_alone_also_where_another_was_before()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("key");
        DurableFile.Write(path, [1]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        DurableFile.Write(path, [2], ownerOnly: true);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_reader_sees_the_old_content_or_the_new_one_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("file");
        byte[][] contents = [.. Enumerable.Range(0, 30).Select(i => Enumerable.Repeat((byte)i, 50_000).ToArray())];
        DurableFile.Write(path, contents[0]);
        Parallel.Invoke(
            () =>
            {
                foreach (byte[] content in contents)
                    DurableFile.Write(path, content);
            },
            () =>
            {
                for (int read = 0; read < 300; read++)
                {
                    byte[] seen = File.ReadAllBytes(path);
                    Assert.Equal(50_000, seen.Length);
                    Assert.Equal(-1, seen.AsSpan().IndexOfAnyExcept(seen[0]));
                }
            });
        Assert.Equal(contents[^1], File.ReadAllBytes(path));
    }
}
