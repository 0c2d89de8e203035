using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>The answering end of Cascade: its key is the reference, and it counts every parity it gives away.</summary>
/// <remarks>Holds a copy of the key, erased by <see cref="Dispose"/>. Not thread safe. What is asked depends on the other end's errors, so a run
/// does not take constant time; no answer depends on anything but the key and the question.</remarks>
public sealed class CascadeResponder : IDisposable
{
    private ulong[] _key = [];
    private ulong[] _prefixes = [];
    private byte[] _answer = new byte[256];
    private CascadePlan? _plan;
    private int _startedPasses;

    /// <summary>The number of parities given away so far: every one asked counts, also one that could have been inferred.</summary>
    public int LeakedBits { get; private set; }

    /// <summary>Whether all passes were started. Only the asking end knows when the last one is done.</summary>
    public bool AllPassesStarted => _startedPasses == CascadePlan.Passes;

    /// <summary>Takes a key and begins a run; memory of an earlier run of the same length is used again.</summary>
    /// <exception cref="ArgumentException">The key's words do not fit the plan's length.</exception>
    /// <exception cref="ObjectDisposedException">The plan was disposed.</exception>
    public void Start(CascadePlan plan, ReadOnlySpan<ulong> key)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.RequireUsable();
        if (key.Length != plan.Words)
            throw new ArgumentException($"A key of {plan.LengthInBits} bits has {plan.Words} words, not {key.Length}.", nameof(key));
        Erase();
        if (_key.Length != plan.Words)
        {
            _key = GC.AllocateArray<ulong>(plan.Words, pinned: true);
            _prefixes = GC.AllocateArray<ulong>(CascadePlan.Lanes * (plan.Words + 1), pinned: true);
        }
        key.CopyTo(_key);
        _key[^1] &= PackedBits.TailMask(plan.LengthInBits);
        _plan = plan;
    }

    /// <summary>Answers a question.</summary>
    /// <param name="question">The other end's message.</param>
    /// <param name="answer">Its answer; valid until the next call.</param>
    /// <returns><see langword="false"/> when the question is malformed, out of order, or would bring the parities given away above the key's
    /// length; nothing is given away then.</returns>
    /// <exception cref="InvalidOperationException">No key was given.</exception>
    public bool TryAnswer(ReadOnlySpan<byte> question, out ReadOnlySpan<byte> answer)
    {
        CascadePlan plan = _plan ?? throw new InvalidOperationException("Start first.");
        answer = default;
        return !question.IsEmpty && question[0] switch
        {
            CascadeMessage.PassStart => TryStartPass(plan, question, out answer),
            CascadeMessage.Splits => TrySplit(plan, question[1..], out answer),
            _ => false,
        };
    }

    /// <summary>Erases the key.</summary>
    public void Dispose() => Erase();

    private bool TryStartPass(CascadePlan plan, ReadOnlySpan<byte> question, out ReadOnlySpan<byte> answer)
    {
        answer = default;
        if (question.Length != CascadeMessage.PassStartSize || question[1] != _startedPasses || AllPassesStarted)
            return false;
        int pass = _startedPasses, count = plan.TopBlocks(pass);
        if (!TryCount(plan, count))
            return false;
        Prepare(plan, pass);
        _startedPasses++;
        Span<byte> bits = ClearAnswer(count);
        if (pass < 2)
        {
            int length = plan.BlockLength(pass);
            for (int i = 0; i < count; i++)
                bits[i >>> 3] |= (byte)(PackedBits.Get(Prefix(pass), (int)Math.Min((i + 1L) * length, plan.LengthInBits)) << (i & 7));
        }
        else
        {
            int first = CascadePlan.LanesOf(pass);
            bits[0] = (byte)(PackedBits.Get(Prefix(first), plan.LengthInBits) | (PackedBits.Get(Prefix(first + 1), plan.LengthInBits) << 1));
        }
        answer = bits;
        return true;
    }

    private bool TrySplit(CascadePlan plan, ReadOnlySpan<byte> splits, out ReadOnlySpan<byte> answer)
    {
        answer = default;
        int count = splits.Length / CascadeMessage.SplitSize, stride = plan.Words + 1;
        if (count == 0 || splits.Length % CascadeMessage.SplitSize != 0)
            return false;
        int lanes = CascadePlan.LanesOf(_startedPasses);
        uint most = (uint)plan.LengthInBits - 1;
        Span<byte> bits = ClearAnswer(count);
        for (int i = 0; i < count; i++)
        {
            (int lane, int boundary) = CascadeMessage.ReadSplit(splits[(i * CascadeMessage.SplitSize)..]);
            if (lane >= lanes || (uint)(boundary - 1) >= most)
                return false;
            uint parity = PackedBits.Get(_prefixes.AsSpan(lane * stride, stride), boundary);
            bits[i >>> 3] |= (byte)(parity << (i & 7));
        }
        if (!TryCount(plan, count))
            return false;
        answer = bits;
        return true;
    }

    private bool TryCount(CascadePlan plan, int count)
    {
        if (count > plan.LengthInBits - LeakedBits)
            return false;
        LeakedBits += count;
        return true;
    }

    private void Prepare(CascadePlan plan, int pass)
    {
        if (pass == 0)
        {
            PackedBits.PrefixParities(_key, Prefix(0));
        }
        else if (pass == 1)
        {
            // The second pass's space takes the shuffled key only as long as its prefix parities replace it, word by word from the first.
            Span<ulong> prefix = Prefix(1);
            PackedBits.Gather(_key, plan.Order, prefix[..plan.Words]);
            PackedBits.PrefixParities(prefix[..plan.Words], prefix);
        }
        else
        {
            int first = CascadePlan.LanesOf(pass);
            PackedBits.PrefixParities(_key, plan.Mask(first), Prefix(first));
            PackedBits.PrefixParities(_key, plan.Mask(first + 1), Prefix(first + 1));
        }
    }

    private Span<ulong> Prefix(int lane) => _prefixes.AsSpan(lane * (_key.Length + 1), _key.Length + 1);

    private Span<byte> ClearAnswer(int questions)
    {
        int size = CascadeMessage.AnswerSize(questions);
        if (_answer.Length < size)
            _answer = new byte[Math.Max(size, 2 * _answer.Length)];
        Span<byte> bits = _answer.AsSpan(0, size);
        bits.Clear();
        return bits;
    }

    private void Erase()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_key.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_prefixes.AsSpan()));
        _plan = null;
        _startedPasses = 0;
        LeakedBits = 0;
    }
}
