using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>The body of a key manager's answer: bounded, pinned, zeroed on dispose, because keys may stand in it.</summary>
internal sealed class EtsiAnswer : IDisposable
{
    /// <summary>The longest body that is read. One key of the longest kind takes a tenth of it.</summary>
    public const int MaxSizeInBytes = 16 * 1024;

    // A byte more than may come, to tell a body that is too long from one that just fits.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(MaxSizeInBytes + 1, pinned: true);
    private int _length;

    /// <summary>What came.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Reads a body to its end; <see langword="false"/> if it is too long.</summary>
    public async Task<bool> TryFillAsync(Stream body, CancellationToken cancellationToken)
    {
        while (_length < _bytes.Length)
        {
            int read = await body.ReadAsync(_bytes.AsMemory(_length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return true;
            _length += read;
        }
        return false;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
