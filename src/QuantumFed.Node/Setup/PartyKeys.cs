using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// A party's record and payload keys, old and new: which one counts is the registry's to say, round by round. Keys are read when they are first asked for, so
/// one that is made while the party runs is found. Thread-safe.
/// </summary>
internal sealed class PartyKeys(PartyFolder folder) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, SigningKey> _signing = [];
    private readonly Dictionary<Digest, PayloadKeyPair> _payload = [];

    /// <summary>The private half of a record key.</summary>
    /// <exception cref="SettingsException">The folder does not hold it, or a key file is damaged.</exception>
    public SigningKey SigningKeyOf(VerificationKey key)
    {
        lock (_lock)
        {
            if (!_signing.TryGetValue(key.Digest, out SigningKey? known))
                _signing.Add(key.Digest, known = folder.ReadSigningKey(key));
            return known;
        }
    }

    /// <summary>The private half of a record key, or null: one that was lost is a reason to have it replaced, and none to stay away afterwards.</summary>
    public SigningKey? FindSigningKey(VerificationKey key)
    {
        try
        {
            return SigningKeyOf(key);
        }
        catch (SettingsException)
        {
            return null;
        }
    }

    /// <summary>The private half of a payload key.</summary>
    /// <exception cref="SettingsException">The folder does not hold it, or a key file is damaged.</exception>
    public PayloadKeyPair PayloadKeyOf(ReadOnlyMemory<byte> key)
    {
        lock (_lock)
        {
            Digest digest = Digest.Of(key.Span);
            if (!_payload.TryGetValue(digest, out PayloadKeyPair? known))
                _payload.Add(digest, known = folder.ReadPayloadKey(key));
            return known;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (IDisposable key in _signing.Values.Concat<IDisposable>(_payload.Values))
                key.Dispose();
        }
    }
}
