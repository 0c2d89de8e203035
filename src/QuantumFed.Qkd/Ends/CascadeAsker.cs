using System.Buffers.Binary;

namespace QuantumFed.Qkd;

/// <summary>The receiver's side of Cascade over all parts of a key: the questions of a batch of parts travel in one message.</summary>
internal sealed class CascadeAsker : IDisposable
{
    private readonly CascadeParts _parts;
    private readonly ulong[] _key;
    private readonly CascadeReconciler[] _reconcilers;
    private readonly List<int> _asking = [];
    private byte[] _message = new byte[1 << 12];
    private int _size;
    private int _begun;
    private readonly int[] _leaked;

    /// <summary>Begins; the key is corrected in place, part by part.</summary>
    internal CascadeAsker(CascadeParts parts, ulong[] key)
    {
        (_parts, _key) = (parts, key);
        _reconcilers = [.. Enumerable.Range(0, Math.Min(parts.Count, CascadeParts.BatchSize)).Select(_ => new CascadeReconciler())];
        Reconciled = new byte[parts.Count];
        _leaked = new int[parts.Count];
        BeginMessage();
        BeginBatches();
    }

    internal bool IsAsking => _asking.Count > 0;

    /// <summary>Every parity asked for.</summary>
    internal int LeakedBits => _leaked.Sum();

    /// <summary>Per part 1 when it was reconciled.</summary>
    internal byte[] Reconciled { get; }

    /// <summary>The questions to send.</summary>
    internal byte[] Questions() => _message[.._size];

    /// <summary>Takes the answers to all of them.</summary>
    /// <exception cref="LinkProtocolException">Malformed.</exception>
    internal void Handle(ReadOnlySpan<byte> answers)
    {
        int[] asked = [.. _asking];
        _asking.Clear();
        BeginMessage();
        ReadOnlySpan<byte> rest = answers[1..];
        foreach (int part in asked)
        {
            if (rest.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(rest) is var length && length > rest.Length - sizeof(uint))
                throw new LinkProtocolException("Cascade's answers end too early.");
            CascadeReconciler reconciler = _reconcilers[part % CascadeParts.BatchSize];
            CascadeStatus status = reconciler.Handle(rest.Slice(sizeof(uint), (int)length), out ReadOnlySpan<byte> question);
            _leaked[part] = reconciler.LeakedBits;
            rest = rest[(sizeof(uint) + (int)length)..];
            if (status == CascadeStatus.RefusedMalformed)
                throw new LinkProtocolException("An answer of Cascade does not fit its question.");
            if (status == CascadeStatus.Asking)
            {
                Ask(part, question);
            }
            else if (status == CascadeStatus.Reconciled)
            {
                reconciler.Key.CopyTo(_parts.Of(_key, part));
                Reconciled[part] = 1;
            }
        }
        if (!rest.IsEmpty)
            throw new LinkProtocolException("Cascade's answers are too long.");
        BeginBatches();
    }

    public void Dispose()
    {
        foreach (CascadeReconciler reconciler in _reconcilers)
            reconciler.Dispose();
    }

    /// <summary>Begins the next batch once the one before has nothing to ask.</summary>
    private void BeginBatches()
    {
        while (_asking.Count == 0 && _begun < _parts.Count)
        {
            int end = Math.Min(_begun + CascadeParts.BatchSize, _parts.Count);
            for (; _begun < end; _begun++)
            {
                CascadeReconciler reconciler = _reconcilers[_begun % CascadeParts.BatchSize];
                Ask(_begun, reconciler.Start(_parts.PlanOf(_begun), _parts.Of(_key, _begun)));
                _leaked[_begun] = reconciler.LeakedBits;
            }
        }
    }

    private void BeginMessage()
    {
        _message[0] = (byte)LinkMessageKind.CascadeQuestions;
        _size = 1;
    }

    private void Ask(int part, ReadOnlySpan<byte> question)
    {
        // A part may refuse to ask at once, when it is too short for its own questions.
        if (question.IsEmpty)
            return;
        _asking.Add(part);
        int end = _size + 1 + sizeof(uint) + question.Length;
        if (end > _message.Length)
            Array.Resize(ref _message, Math.Max(end, 2 * _message.Length));
        _message[_size] = (byte)part;
        BinaryPrimitives.WriteInt32LittleEndian(_message.AsSpan(_size + 1), question.Length);
        question.CopyTo(_message.AsSpan(_size + 1 + sizeof(uint)));
        _size = end;
    }
}
