namespace QuantumFed.Protocol.Tests;

public sealed class ObjectStoreTests
{
    [Fact]
    public void What_is_put_is_read_by_its_digest_also_by_another_store_on_the_folder()
    {
        using var folder = new TemporaryFolder();
        var store = new ObjectStore(folder.At("objects"));
        foreach (byte[] data in new byte[][] { [], [1, 2, 3], new byte[100_000] })
        {
            Digest digest = store.Put(data);
            Assert.Equal(Digest.Of(data), digest);
            Assert.True(new ObjectStore(folder.At("objects")).TryRead(digest, out byte[]? read));
            Assert.Equal(data, read);
            Assert.EndsWith(digest.ToString()[..2] + "/" + digest.ToString()[2..], store.PathOf(digest), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_object_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var store = new ObjectStore(folder.At("objects"));
        Assert.False(store.TryRead(Digest.Of([1]), out byte[]? data));
        Assert.Null(data);
        Assert.Empty(store.Files());
        Assert.False(Directory.Exists(folder.At("objects")));
    }

    [Fact]
    public void An_altered_object_is_not_read_and_putting_it_again_repairs_it()
    {
        using var folder = new TemporaryFolder();
        var store = new ObjectStore(folder.At("objects"));
        byte[] data = [1, 2, 3, 4];
        Digest digest = store.Put(data);
        foreach (byte[] damaged in new byte[][] { [1, 2, 3, 5], [1, 2, 3], [1, 2, 3, 4, 5], [] })
        {
            File.WriteAllBytes(store.PathOf(digest), damaged);
            Assert.False(store.TryRead(digest, out byte[]? read));
            Assert.Null(read);
        }
        Assert.Equal(digest, store.Put(data));
        Assert.True(store.TryRead(digest, out _));
    }

    [Fact]
    public void A_folder_in_an_objects_place_is_no_object()
    {
        using var folder = new TemporaryFolder();
        var store = new ObjectStore(folder.At("objects"));
        Directory.CreateDirectory(store.PathOf(Digest.Of([1])));
        Assert.False(store.TryRead(Digest.Of([1]), out _));
    }

    [Fact]
    public void Files_lists_every_object_and_its_path_tells_the_digest()
    {
        using var folder = new TemporaryFolder();
        var store = new ObjectStore(folder.At("objects"));
        Digest[] digests = [.. Enumerable.Range(0, 20).Select(i => store.Put([(byte)i])).Order()];
        Digest[] listed = [.. store.Files().Select(file => ObjectStore.TryDigestOf(file, out Digest digest) ? digest : default)];
        Assert.Equal(digests, listed);
        Assert.False(ObjectStore.TryDigestOf(folder.At("objects", "ab", "note.txt"), out _));
        Assert.False(ObjectStore.TryDigestOf("x", out _));
    }

    [Fact]
    public void A_write_cut_short_by_a_crash_is_no_object()
    {
        using var folder = new TemporaryFolder();
        var store = new ObjectStore(folder.At("objects"));
        Digest digest = store.Put([1]);
        string partial = Path.Combine(Path.GetDirectoryName(store.PathOf(digest))!, "." + digest.ToString()[2..] + "." + Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(partial, [1]);
        File.Delete(store.PathOf(digest));
        Assert.False(store.TryRead(digest, out _));
        Assert.False(ObjectStore.TryDigestOf(partial, out _));
        Assert.Equal(digest, store.Put([1]));
        Assert.True(store.TryRead(digest, out _));
    }

    [Fact]
    public void Puts_of_the_same_objects_by_many_threads_leave_each_whole()
    {
        using var folder = new TemporaryFolder();
        byte[][] objects = [.. Enumerable.Range(0, 8).Select(i => Enumerable.Repeat((byte)i, 20_000 + i).ToArray())];
        Parallel.For(0, 64, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, run =>
        {
            var store = new ObjectStore(folder.At("objects"));
            Digest digest = store.Put(objects[run % objects.Length]);
            Assert.True(store.TryRead(digest, out byte[]? read));
            Assert.Equal(objects[run % objects.Length], read);
        });
        Assert.Equal(objects.Length, new ObjectStore(folder.At("objects")).Files().Count());
    }
}
