using System.Buffers.Binary;

namespace QuantumFed.Qkd;

/// <summary>The transmitter's side of Cascade over all parts of a key.</summary>
internal sealed class CascadeAnswerer : IDisposable
{
    private readonly CascadeParts _parts;
    private readonly ulong[] _key;
    private readonly CascadeResponder[] _responders;
    private readonly int[] _leaked;
    private byte[] _message = new byte[1 << 12];
    private int _first, _begun;

    internal CascadeAnswerer(CascadeParts parts, ulong[] key)
    {
        (_parts, _key) = (parts, key);
        _responders = [.. Enumerable.Range(0, Math.Min(parts.Count, CascadeParts.BatchSize)).Select(_ => new CascadeResponder())];
        _leaked = new int[parts.Count];
        BeginBatch();
    }

    /// <summary>Every parity given away.</summary>
    internal int LeakedBits => _leaked.Sum();

    /// <summary>Answers a message of questions. Every question gives away one parity at least, and no part more than its length: the number of messages
    /// is bounded.</summary>
    /// <exception cref="LinkProtocolException">Malformed, or more is asked than may be given away.</exception>
    internal byte[] Answer(ReadOnlySpan<byte> questions)
    {
        _message[0] = (byte)LinkMessageKind.CascadeAnswers;
        int size = 1, before = -1;
        ReadOnlySpan<byte> rest = questions[1..];
        if (rest.IsEmpty)
            throw new LinkProtocolException("Cascade asks nothing.");
        while (!rest.IsEmpty)
        {
            if (rest[0] >= _begun && before < 0)
                BeginBatch();
            if (rest.Length < 1 + sizeof(uint) || rest[0] <= before || rest[0] < _first || rest[0] >= _begun
                || BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]) is var length && length > rest.Length - 1 - sizeof(uint))
                throw new LinkProtocolException("Cascade's questions are malformed.");
            before = rest[0];
            CascadeResponder responder = _responders[before % CascadeParts.BatchSize];
            if (!responder.TryAnswer(rest.Slice(1 + sizeof(uint), (int)length), out ReadOnlySpan<byte> answer))
                throw new LinkProtocolException("A question of Cascade is malformed, or gives away too much.");
            _leaked[before] = responder.LeakedBits;
            rest = rest[(1 + sizeof(uint) + (int)length)..];
            int end = size + sizeof(uint) + answer.Length;
            if (end > _message.Length)
                Array.Resize(ref _message, Math.Max(end, 2 * _message.Length));
            BinaryPrimitives.WriteInt32LittleEndian(_message.AsSpan(size), answer.Length);
            answer.CopyTo(_message.AsSpan(size + sizeof(uint)));
            size = end;
        }
        return _message[..size];
    }

    public void Dispose()
    {
        foreach (CascadeResponder responder in _responders)
            responder.Dispose();
    }

    // A question of the next batch ends the one before.
    private void BeginBatch()
    {
        _first = _begun;
        for (; _begun < Math.Min(_first + CascadeParts.BatchSize, _parts.Count); _begun++)
            _responders[_begun % CascadeParts.BatchSize].Start(_parts.PlanOf(_begun), _parts.Of(_key, _begun));
    }
}
