namespace QuantumFed.Qkd;

/// <summary>The receiver's end of a link: distils one block at a time with a <see cref="TransmitterEnd"/> that it shares nothing with but a channel and a first secret.</summary>
/// <remarks>
/// <para>Speaks first. Both ends of one channel call the same method at the same time; see <see cref="TransmitterEnd"/> for what holds.</para>
/// <para>A block that was pending when a conversation broke may be settled by the next: its key comes to the journal alone, with its own number.</para>
/// <para>One call at a time. Disposal erases the state.</para>
/// </remarks>
public sealed class ReceiverEnd : IDisposable
{
    private readonly JournaledState _journaled;
    private readonly LinkAgreement _agreement;

    private ReceiverEnd(JournaledState journaled, LinkAgreement agreement) => (_journaled, _agreement) = (journaled, agreement);

    /// <summary>What the end must not forget, as it stands.</summary>
    public LinkEndState State => _journaled.State;

    /// <summary>Opens an end.</summary>
    /// <param name="state">As the journal has it, or a new one; now the end's, which erases it.</param>
    /// <param name="agreement">What both ends agreed on.</param>
    /// <param name="journal">Where the state is kept.</param>
    /// <exception cref="ArgumentException">The state is the other role's.</exception>
    public static ReceiverEnd Open(LinkEndState state, LinkAgreement agreement, ILinkJournal journal)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        return new ReceiverEnd(new JournaledState(state, LinkRole.Receiver, journal), agreement);
    }

    /// <summary>Settles what is pending at either end, then distils one block.</summary>
    /// <param name="notes">The transmission; used up and erased, whatever happens.</param>
    /// <param name="channel">The channel to the transmitter; after an exception, or a block that was not delivered or aborted, it is to be closed.</param>
    /// <param name="cancellation">Gives the block up. A silent other end is noticed by nothing else.</param>
    /// <returns>How the block ended, for the caller to dispose.</returns>
    /// <exception cref="LinkChannelException">The channel was cut.</exception>
    /// <exception cref="LinkProtocolException">The other end broke the protocol, or refused the block.</exception>
    /// <exception cref="InvalidOperationException">A block is under way, or the journal failed before.</exception>
    /// <exception cref="ObjectDisposedException">The notes were used before.</exception>
    public async Task<DistilledBlock> DistilAsync(ReceiverNotes notes, IClassicalChannel channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notes);
        ArgumentNullException.ThrowIfNull(channel);
        ObjectDisposedException.ThrowIf(notes.IsDisposed, notes);
        using (notes)
        {
            var session = new LinkSession(channel, LinkRole.Receiver, cancellation);
            return await _journaled.ConverseAsync(session, async () =>
            {
                await SettleAsync(session).ConfigureAwait(false);
                using var block = new ReceiverBlock(_journaled, _agreement, session, notes);
                return await block.RunAsync().ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Settles what is pending at either end, and nothing else: for a link that comes back without a transmission at hand.</summary>
    /// <exception cref="LinkChannelException">The channel was cut.</exception>
    /// <exception cref="LinkProtocolException">The other end broke the protocol, or does not prove how it ended the pending block.</exception>
    /// <exception cref="InvalidOperationException">A block is under way, or the journal failed before.</exception>
    public Task ResumeAsync(IClassicalChannel channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var session = new LinkSession(channel, LinkRole.Receiver, cancellation);
        return _journaled.ConverseAsync(session, async () =>
        {
            await SettleAsync(session).ConfigureAwait(false);
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _journaled.Dispose();

    private async Task SettleAsync(LinkSession session)
    {
        PendingBlock? pending = State.Pending;
        await session.SendAsync(pending is null
            ? SettlementMessage.Create(SettlementMessage.Nothing, 0, [])
            : SettlementMessage.Create(SettlementMessage.Settled, pending.Number, pending.ReadyToken)).ConfigureAwait(false);
        byte[] theirs = await session.ReceiveAsync(LinkMessageKind.Settlement, SettlementMessage.Size).ConfigureAwait(false);
        SettlementMessage.RequireVersion(theirs);
        if (pending is null)
            return;
        bool isSettled = SettlementMessage.Proves(theirs, SettlementMessage.Settled, pending.Number, pending.SettledToken);
        if (!isSettled && !SettlementMessage.Proves(theirs, SettlementMessage.Abandoned, pending.Number, pending.AbandonedToken))
            throw new LinkProtocolException($"The transmitter does not prove how it ended block {pending.Number}, which is pending here.");
        (await _journaled.EndAsync(isSettled).ConfigureAwait(false)).Dispose();
    }
}
