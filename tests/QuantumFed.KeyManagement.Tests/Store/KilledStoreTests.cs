using System.Diagnostics;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Processes at one store: killed at any moment, and two at one time.</summary>
public sealed class KilledStoreTests : IDisposable
{
    private const int Kills = 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task However_often_it_is_killed_no_key_comes_twice_and_every_granted_key_once()
    {
        string path = _folder.File("keys");
        HashSet<string> ids = [], digests = [], granted = [], retrieving = [];
        void Once(HashSet<string> seen, string what) => Assert.True(seen.Add(what), $"{what} came twice.");
        void Every(byte[] key) => Array.ForEach([.. StoreProcess.Digests(key)], digest => Once(digests, digest));
        for (int kill = 0; kill < Kills; kill++)
        {
            int lines = 1 + kill * 7 % 41;
            using Process child = StoreProcess.Start(path);
            for (int read = 0; await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line; read++)
            {
                if (read == lines)
                    child.Kill();
                string[] words = line.Split(' ');
                switch (words[0])
                {
                    case "delivered" when words.Length >= 3:
                        Once(ids, words[1]);
                        Array.ForEach(words[2..], digest => Once(digests, digest));
                        break;
                    case "granted" when words.Length == 2:
                        Once(granted, words[1]);
                        break;
                    case "retrieving" when words.Length == 2:
                        Once(retrieving, words[1]);
                        break;
                    case "retrieved" when words.Length >= 3:
                        Once(ids, words[1]);
                        Array.ForEach(words[2..], digest => Once(digests, digest));
                        break;
                    default:
                        Assert.Equal("open", line);
                        break;
                }
            }
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(128 + 9, child.ExitCode);
        }
        using KeyStore store = SomeKeys.Open(path);
        foreach (string id in granted.Except(ids))
        {
            // Killed between the answer and the word of it: whether such a key was taken nobody knows, only that it is not there twice.
            if (!retrieving.Contains(id) || SomeKeys.HasGranted(store, QuantumKeyId.Parse(id)))
                Every(SomeKeys.Retrieve(store, QuantumKeyId.Parse(id)));
            Assert.Equal(KeyDeliveryFailure.UnknownKey, SomeKeys.FailureOf(store, QuantumKeyId.Parse(id)));
        }
        Assert.True(granted.Count > Kills && granted.Except(ids).Count() > Kills);
        Assert.True(retrieving.Except(ids).Count() <= Kills);
        while (store.StoredUnits > 0)
            Every(SomeKeys.Deliver(store, SomeKeys.SetAside(store)));
    }

    [Fact]
    public async Task A_second_process_is_refused()
    {
        string path = _folder.File("keys");
        using (SomeKeys.New(path, 1))
        {
            using Process second = StoreProcess.Start(path);
            string? said = await second.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            second.Kill();
            Assert.Contains("in use by another process", said, StringComparison.Ordinal);
        }
        using Process alone = StoreProcess.Start(path);
        Assert.Equal("open", await alone.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Contains("in use by another process", Assert.Throws<KeyStoreException>(() => SomeKeys.Open(path)).Message, StringComparison.Ordinal);
        alone.Kill();
        await alone.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
