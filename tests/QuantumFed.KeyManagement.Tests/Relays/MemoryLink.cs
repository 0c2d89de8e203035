using System.Collections.Concurrent;
using System.Security.Cryptography;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>The two key managers of a link in memory: what one end obtains, the other retrieves once.</summary>
internal sealed class MemoryLink(int sizeInBits = RelayNode.HopKeySizeInBits) : IQuantumKeySource
{
    private readonly ConcurrentDictionary<QuantumKeyId, byte[]> _keys = new();

    /// <summary>How many keys were taken.</summary>
    public int Taken { get; private set; }

    public Task<QuantumKeyStatus> ReadStatusAsync(MemberId slave, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<QuantumKey> ObtainAsync(MemberId slave, CancellationToken cancellationToken)
    {
        var id = new QuantumKeyId(RandomNumberGenerator.GetBytes(QuantumKeyId.SizeInBytes));
        byte[] key = RandomNumberGenerator.GetBytes(sizeInBits / 8);
        _keys[id] = key;
        Taken++;
        return Task.FromResult(QuantumKey.Create(id, key));
    }

    public Task<QuantumKey> RetrieveAsync(MemberId master, QuantumKeyId id, CancellationToken cancellationToken) => _keys.TryRemove(id, out byte[]? key)
        ? Task.FromResult(QuantumKey.Create(id, key))
        : throw new QuantumKeyException(LinkFailure.UnknownKey, "The key manager does not know that key.");
}
