using System.Diagnostics;
using System.Security.Cryptography;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>
/// A child process of the tests that works on a store until it is killed, and says each thing after it has happened:
/// <c>delivered ID DIGEST...</c>, <c>granted ID</c>, <c>retrieved ID DIGEST...</c>; and <c>retrieving ID</c> before the last.
/// </summary>
internal static class StoreProcess
{
    /// <summary>Names the store's file; set only for the child.</summary>
    public const string Variable = "QF_KEYS_STORE_PROCESS";

    public static async Task<int> RunAsync(string path)
    {
        KeyStore store;
        try
        {
            store = SomeKeys.Open(path, capacity: 500);
        }
        catch (KeyStoreException refused)
        {
            await Console.Out.WriteLineAsync("refused " + refused.Message);
            return 1;
        }
        await Console.Out.WriteLineAsync("open");
        Queue<QuantumKeyId> waiting = [];
        for (int turn = 0; ; turn++)
        {
            while (!store.IsFull)
                store.Save(BitConverter.GetBytes(turn), store.LastBlock + 1 ?? 0, RandomNumberGenerator.GetBytes(64 * KeyUnit.SizeInBytes));
            KeyGrant own = SomeKeys.SetAside(store, 128 + 128 * (turn % 5));
            await Console.Out.WriteLineAsync($"delivered {own.Id} {string.Join(' ', Digests(SomeKeys.Deliver(store, own)))}");
            KeyGrant theirs = SomeKeys.Grant(store, 128 + 128 * (turn % 7));
            await Console.Out.WriteLineAsync($"granted {theirs.Id}");
            waiting.Enqueue(theirs.Id);
            // Some wait, so that every kill finds granted keys.
            if (waiting.Count > 3)
            {
                QuantumKeyId id = waiting.Dequeue();
                await Console.Out.WriteLineAsync($"retrieving {id}");
                await Console.Out.WriteLineAsync($"retrieved {id} {string.Join(' ', Digests(SomeKeys.Retrieve(store, id)))}");
            }
        }
    }

    /// <summary>A digest for each unit of a key, the same whatever the key's size: of the unit's first half, which is in every key made of it.</summary>
    public static IEnumerable<string> Digests(byte[] key) => key.Chunk(KeyUnit.SizeInBytes).Select(unit => Convert.ToHexString(SHA256.HashData(unit.AsSpan(0, 16))));

    public static Process Start(string path)
    {
        ProcessStartInfo start = new(Path.ChangeExtension(typeof(StoreProcess).Assembly.Location, null)) { RedirectStandardOutput = true };
        start.Environment[Variable] = path;
        return Process.Start(start)!;
    }
}
