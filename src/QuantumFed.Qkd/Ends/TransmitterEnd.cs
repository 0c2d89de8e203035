namespace QuantumFed.Qkd;

/// <summary>The transmitter's end of a link: distils one block at a time with a <see cref="ReceiverEnd"/> that it shares nothing with but a channel and a first secret.</summary>
/// <remarks>
/// <para>Both ends of one channel call the same method at the same time. Nothing is delivered before both directions' tags were found right and both ends have saved the key; whatever
/// happens to channel and processes, no block number is delivered with different keys, and no authentication key is used twice.</para>
/// <para>One call at a time. Disposal erases the state.</para>
/// </remarks>
public sealed class TransmitterEnd : IDisposable
{
    private readonly JournaledState _journaled;
    private readonly LinkAgreement _agreement;

    private TransmitterEnd(JournaledState journaled, LinkAgreement agreement) => (_journaled, _agreement) = (journaled, agreement);

    /// <summary>What the end must not forget, as it stands.</summary>
    public LinkEndState State => _journaled.State;

    /// <summary>Opens an end.</summary>
    /// <param name="state">As the journal has it, or a new one; now the end's, which erases it.</param>
    /// <param name="agreement">What both ends agreed on.</param>
    /// <param name="journal">Where the state is kept.</param>
    /// <exception cref="ArgumentException">The state is the other role's.</exception>
    public static TransmitterEnd Open(LinkEndState state, LinkAgreement agreement, ILinkJournal journal)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        return new TransmitterEnd(new JournaledState(state, LinkRole.Transmitter, journal), agreement);
    }

    /// <summary>Settles what is pending at either end, then distils one block.</summary>
    /// <param name="notes">The transmission; used up and erased, whatever happens.</param>
    /// <param name="channel">The channel to the receiver; after an exception, or a block that was not delivered or aborted, it is to be closed.</param>
    /// <param name="cancellation">Gives the block up. A silent other end is noticed by nothing else.</param>
    /// <returns>How the block ended, for the caller to dispose.</returns>
    /// <exception cref="LinkChannelException">The channel was cut.</exception>
    /// <exception cref="LinkProtocolException">The other end broke the protocol, or refused the block.</exception>
    /// <exception cref="InvalidOperationException">A block is under way, or the journal failed before.</exception>
    /// <exception cref="ObjectDisposedException">The notes were used before.</exception>
    public async Task<DistilledBlock> DistilAsync(TransmitterNotes notes, IClassicalChannel channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notes);
        ArgumentNullException.ThrowIfNull(channel);
        ObjectDisposedException.ThrowIf(notes.IsDisposed, notes);
        using (notes)
        {
            var session = new LinkSession(channel, LinkRole.Transmitter, cancellation);
            return await _journaled.ConverseAsync(session, async () =>
            {
                await SettleAsync(session).ConfigureAwait(false);
                using var block = new TransmitterBlock(_journaled, _agreement, session, notes);
                return await block.RunAsync().ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Settles what is pending at either end, and nothing else: for a link that comes back without a transmission at hand.</summary>
    /// <exception cref="LinkChannelException">The channel was cut.</exception>
    /// <exception cref="LinkProtocolException">The other end broke the protocol.</exception>
    /// <exception cref="InvalidOperationException">A block is under way, or the journal failed before.</exception>
    public Task ResumeAsync(IClassicalChannel channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var session = new LinkSession(channel, LinkRole.Transmitter, cancellation);
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
        byte[] theirs = await session.ReceiveAsync(LinkMessageKind.Settlement, SettlementMessage.Size).ConfigureAwait(false);
        SettlementMessage.RequireVersion(theirs);
        // A pending block is settled exactly when the receiver proves that it has the key safe. Whatever else was said, or forged, it is abandoned.
        if (State.Pending is { } pending)
            (await _journaled.EndAsync(SettlementMessage.Proves(theirs, SettlementMessage.Settled, pending.Number, pending.ReadyToken)).ConfigureAwait(false)).Dispose();
        byte[] own = State.Decision is { } decision
            ? SettlementMessage.Create(decision.IsSettled ? SettlementMessage.Settled : SettlementMessage.Abandoned, decision.Block, decision.Token)
            : SettlementMessage.Create(SettlementMessage.Nothing, 0, []);
        await session.SendAsync(own).ConfigureAwait(false);
    }
}
