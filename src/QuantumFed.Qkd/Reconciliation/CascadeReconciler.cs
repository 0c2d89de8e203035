namespace QuantumFed.Qkd;

/// <summary>The asking end of Cascade (Brassard and Salvail, 1993): corrects its key until every parity agrees with the other end's.</summary>
/// <remarks>
/// <para>All questions that can be asked at one time travel in one message. Honest answers lead to real errors only, so no bit is corrected twice
/// and no boundary asked twice: a run ends after at most n questions, whatever the other end answers.</para>
/// <para>Holds a copy of the key, erased by <see cref="Dispose"/>. Not thread safe; many blocks run in parallel, each with its own two ends. Time and
/// messages depend on where the errors are, which the other end and any listener learn in every variant of Cascade; never on the key's bits.</para>
/// </remarks>
public sealed class CascadeReconciler : IDisposable
{
    private readonly record struct Block(int Lane, int Start, int End);

    // A corrected bit's place in a lane whose block there it made odd.
    private readonly record struct Trace(int Lane, int Place);

    private CascadePlan? _plan;
    private CascadeLanes? _lanes;
    private Block[] _pending = new Block[64];
    private Block[] _waiting = new Block[64];
    private Block[] _resumed = [];
    private Trace[] _deferred = new Trace[64];
    private Trace[] _due = new Trace[64];
    private byte[] _question = new byte[256];
    private byte[] _spare = [];
    private int _pendingCount;
    private int _waitingCount;
    private int _deferredCount;
    private int _questions;
    private int _answered;
    private int _startedPasses;

    /// <summary>Where the run stands.</summary>
    public CascadeStatus Status { get; private set; }

    /// <summary>The parities asked for so far, the start of every pass included: what the other end gave away.</summary>
    public int LeakedBits { get; private set; }

    /// <summary>The messages sent so far.</summary>
    public int Messages { get; private set; }

    /// <summary>The bits corrected so far.</summary>
    public int CorrectedBits { get; private set; }

    /// <summary>The key as corrected so far, in packed words.</summary>
    /// <exception cref="InvalidOperationException">No key was given.</exception>
    public ReadOnlySpan<ulong> Key => (_lanes ?? throw new InvalidOperationException("Start first.")).Key;

    /// <summary>Takes a key and begins a run; memory of an earlier run of the same length is used again.</summary>
    /// <returns>The first question; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The key's words do not fit the plan's length.</exception>
    /// <exception cref="ObjectDisposedException">The plan was disposed.</exception>
    public ReadOnlySpan<byte> Start(CascadePlan plan, ReadOnlySpan<ulong> key)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.RequireUsable();
        if (key.Length != plan.Words)
            throw new ArgumentException($"A key of {plan.LengthInBits} bits has {plan.Words} words, not {key.Length}.", nameof(key));
        if (_lanes?.LengthInBits != plan.LengthInBits)
        {
            _lanes?.Erase();
            _lanes = new CascadeLanes(plan);
        }
        _lanes.Start(plan, key);
        _plan = plan;
        (_pendingCount, _waitingCount, _questions, _startedPasses, _deferredCount) = (0, 0, 0, 0, 0);
        (LeakedBits, Messages, CorrectedBits) = (0, 0, 0);
        return StartPass(plan, _lanes);
    }

    /// <summary>Takes the answer to the last question.</summary>
    /// <param name="answer">The other end's message.</param>
    /// <param name="question">The next question while <see cref="Status"/> is <see cref="CascadeStatus.Asking"/>, otherwise empty; valid until the
    /// next call.</param>
    /// <returns>The new status. After a refusal the key is not to be used.</returns>
    /// <exception cref="InvalidOperationException">No question is out.</exception>
    public CascadeStatus Handle(ReadOnlySpan<byte> answer, out ReadOnlySpan<byte> question)
    {
        question = default;
        if (_plan is null || _lanes is null || Status != CascadeStatus.Asking)
            throw new InvalidOperationException("No question is out.");
        if (!IsWellFormed(answer))
            return Status = CascadeStatus.RefusedMalformed;
        bool passStart = _question[0] == CascadeMessage.PassStart;
        BeginQuestion(CascadeMessage.Splits, out ReadOnlySpan<byte> asked);
        if (!(passStart ? LearnTopBlocks(_plan, _lanes, answer) : LearnSplits(_lanes, asked, answer)) || !SearchDeferred(_lanes))
            return Status = CascadeStatus.RefusedContradiction;
        if (_questions > 0)
            question = Ask(_plan, _questions, 1 + _questions * CascadeMessage.SplitSize);
        else if (_startedPasses < CascadePlan.Passes)
            question = StartPass(_plan, _lanes);
        else
            Status = CascadeStatus.Reconciled;
        return Status;
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        _lanes?.Erase();
        Status = CascadeStatus.Idle;
    }

    private bool IsWellFormed(ReadOnlySpan<byte> answer) =>
        answer.Length == CascadeMessage.AnswerSize(_questions) && ((_questions & 7) == 0 || answer[^1] >>> (_questions & 7) == 0);

    private ReadOnlySpan<byte> StartPass(CascadePlan plan, CascadeLanes lanes)
    {
        lanes.StartPass(_startedPasses);
        _question[0] = CascadeMessage.PassStart;
        _question[1] = (byte)_startedPasses;
        _questions = plan.TopBlocks(_startedPasses++);
        return Ask(plan, _questions, CascadeMessage.PassStartSize);
    }

    private ReadOnlySpan<byte> Ask(CascadePlan plan, int questions, int size)
    {
        if (questions > plan.LengthInBits - LeakedBits)
        {
            Status = CascadeStatus.RefusedLeakage;
            return default;
        }
        LeakedBits += questions;
        Messages++;
        Status = CascadeStatus.Asking;
        return _question.AsSpan(0, size);
    }

    // The question just answered stays readable in the spare buffer while the next one is written.
    private void BeginQuestion(byte kind, out ReadOnlySpan<byte> asked)
    {
        asked = _question.AsSpan(1);
        (_question, _spare) = (_spare.Length < _question.Length ? new byte[_question.Length] : _spare, _question);
        _question[0] = kind;
        (_answered, _questions) = (_questions, 0);
    }

    private bool LearnTopBlocks(CascadePlan plan, CascadeLanes lanes, ReadOnlySpan<byte> answer)
    {
        int pass = _startedPasses - 1;
        if (pass >= 2)
        {
            int first = CascadePlan.LanesOf(pass);
            lanes.Learn(first, plan.LengthInBits, answer[0] & 1u);
            lanes.Learn(first + 1, plan.LengthInBits, (uint)answer[0] >>> 1);
            Push(ref _deferred, ref _deferredCount, new Trace(first + 1, 0));
            return Narrow(lanes, new Block(first, 0, plan.LengthInBits)) && Settle(lanes);
        }
        int start = 0, length = plan.BlockLength(pass);
        for (int i = 0; i < _answered; i++)
            lanes.Learn(pass, (int)Math.Min((i + 1L) * length, plan.LengthInBits), (uint)(answer[i >>> 3] >>> (i & 7)) & 1);
        for (int i = 0; i < _answered; i++)
        {
            int end = (int)Math.Min((long)start + length, plan.LengthInBits);
            if (!Narrow(lanes, new Block(pass, start, end)) || !Settle(lanes))
                return false;
            start = end;
        }
        return true;
    }

    // Blocks made odd by one correction mostly share their other error, and a search in each would ask for it again and again. So a correction
    // opens one search at once; the others wait until there is nothing else to ask, and go on lane by lane where they are odd still.
    private bool SearchDeferred(CascadeLanes lanes)
    {
        while (_questions == 0 && _deferredCount > 0)
        {
            int lane = int.MaxValue, kept = 0, due = 0;
            for (int i = 0; i < _deferredCount; i++)
                lane = Math.Min(lane, _deferred[i].Lane);
            for (int i = 0; i < _deferredCount; i++)
            {
                if (_deferred[i].Lane == lane)
                    Push(ref _due, ref due, _deferred[i]);
                else
                    _deferred[kept++] = _deferred[i];
            }
            _deferredCount = kept;
            for (int i = 0; i < due; i++)
            {
                (int start, int end) = lanes.BlockAround(lane, _due[i].Place);
                if (!Narrow(lanes, new Block(lane, start, end)) || !Settle(lanes))
                    return false;
            }
        }
        return true;
    }

    private bool LearnSplits(CascadeLanes lanes, ReadOnlySpan<byte> asked, ReadOnlySpan<byte> answer)
    {
        for (int i = 0; i < _answered; i++)
        {
            (int lane, int boundary) = CascadeMessage.ReadSplit(asked[(i * CascadeMessage.SplitSize)..]);
            lanes.Learn(lane, boundary, (uint)(answer[i >>> 3] >>> (i & 7)) & 1);
        }
        Block[] resumed = _waiting;
        int count = _waitingCount;
        (_waiting, _resumed) = (_resumed.Length < resumed.Length ? new Block[resumed.Length] : _resumed, resumed);
        _waitingCount = 0;
        for (int i = 0; i < count; i++)
        {
            if (!Narrow(lanes, resumed[i]) || !Settle(lanes))
                return false;
        }
        return true;
    }

    /// <summary>Narrows blocks that corrections may have made odd, until each is even again or waits for an answer.</summary>
    private bool Settle(CascadeLanes lanes)
    {
        while (_pendingCount > 0)
        {
            if (!Narrow(lanes, _pending[--_pendingCount]))
                return false;
        }
        return true;
    }

    /// <summary>Follows an odd block down its odd halves: to a bit, which is corrected, or to a split whose answer it must wait for.</summary>
    /// <returns><see langword="false"/> when a bit would be corrected a second time, or the block has no bit to correct.</returns>
    private bool Narrow(CascadeLanes lanes, Block block)
    {
        (int lane, int start, int end) = block;
        // Another chain may have corrected the error meanwhile; the block that its correction made odd is then pending for itself.
        if (!lanes.IsOdd(lane, start, end))
            return true;
        int place;
        while (lanes.TrySplit(lane, start, end, out place))
        {
            if (!lanes.IsKnown(lane, place))
            {
                AskOnce(lanes, new Block(lane, start, end), place);
                return true;
            }
            if (lanes.IsOdd(lane, start, place))
                end = place;
            else
                start = place;
        }
        return place >= 0 && Correct(lanes, lane, lanes.BitAt(lane, place));
    }

    private void AskOnce(CascadeLanes lanes, Block block, int boundary)
    {
        if (lanes.TryMarkAsked(block.Lane, boundary))
        {
            int offset = 1 + _questions++ * CascadeMessage.SplitSize;
            if (_question.Length < offset + CascadeMessage.SplitSize)
                Array.Resize(ref _question, 2 * _question.Length);
            CascadeMessage.WriteSplit(_question.AsSpan(offset), block.Lane, boundary);
        }
        Push(ref _waiting, ref _waitingCount, block);
    }

    private bool Correct(CascadeLanes lanes, int foundInLane, int bit)
    {
        if (!lanes.TryCorrect(bit, _startedPasses))
            return false;
        CorrectedBits++;
        int lanesInUse = CascadePlan.LanesOf(_startedPasses);
        bool searching = false;
        for (int lane = 0; lane < lanesInUse; lane++)
        {
            if (lane == foundInLane || !lanes.Holds(lane, bit))
                continue;
            int place = lanes.PlaceOf(lane, bit);
            if (searching)
            {
                Push(ref _deferred, ref _deferredCount, new Trace(lane, place));
                continue;
            }
            (int start, int end) = lanes.BlockAround(lane, place);
            if (!lanes.IsOdd(lane, start, end))
                continue;
            Push(ref _pending, ref _pendingCount, new Block(lane, start, end));
            searching = true;
        }
        return true;
    }

    private static void Push<T>(ref T[] blocks, ref int count, T block)
    {
        if (count == blocks.Length)
            Array.Resize(ref blocks, 2 * count);
        blocks[count++] = block;
    }
}
