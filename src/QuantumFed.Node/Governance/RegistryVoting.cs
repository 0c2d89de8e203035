using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// One party's part in changing the registry: its proposals and votes, signed with the record key that is in force for it. A vote is given only to a proposal
/// that its proposer signed under ML-DSA.
/// </summary>
public sealed class RegistryVoting : IDisposable
{
    /// <summary>The journal, in a party's state, of the steps that people take beside its running node.</summary>
    public const string JournalName = "votes";

    private readonly ConsortiumAgreement _agreement;
    private readonly TransactionJournal _journal;
    private readonly RegistryLedger _registry;
    private readonly PartyKeys _keys;
    private readonly PartyDirectory _parties;
    private readonly EthereumAddress _self;

    private RegistryVoting(ConsortiumAgreement agreement, TransactionJournal journal, RegistryLedger registry, PartyFolder folder, EthereumAddress self)
    {
        (_agreement, _journal, _registry, _self) = (agreement, journal, registry, self);
        _keys = new PartyKeys(folder);
        _parties = new PartyDirectory(agreement);
    }

    /// <summary>
    /// A party with its folder and account, whose steps count once so many blocks follow theirs. The client and the account are not disposed with it.
    /// </summary>
    public static RegistryVoting Create(
        ConsortiumAgreement agreement, JsonRpcClient client, PartyFolder folder, LedgerAccount account, TimeProvider time, int confirmations = 0)
    {
        // A journal of its own: the party's node may be running, and a journal is one process's.
        TransactionJournal journal = TransactionJournal.Open(Path.Combine(folder.State, JournalName));
        var options = new TransactionOptions { Journal = journal, Confirmations = confirmations };
        return new RegistryVoting(
            agreement, journal, RegistryLedger.Create(client, RecordedRounds.DeploymentOf(agreement), account, time, options), folder, account.Address);
    }

    /// <summary>Makes a proposal and votes for it, where this party has a vote.</summary>
    /// <param name="change">What is to change.</param>
    /// <param name="account">Whom it concerns.</param>
    /// <param name="role">The new role, for an admission or a change of role.</param>
    /// <param name="signingKey">The encoded ML-DSA-65 key, for an admission or new keys; else empty.</param>
    /// <param name="sealingKey">The encoded ML-KEM-768 key, for an admission or new keys; empty for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The proposal's number.</returns>
    /// <exception cref="LedgerRejectedException">The contract refuses it.</exception>
    /// <exception cref="SettingsException">The folder does not hold the record key that the registry has for this party.</exception>
    public async Task<ulong> ProposeAsync(
        RegistryChange change, EthereumAddress account, PartyRole? role, ReadOnlyMemory<byte> signingKey, ReadOnlyMemory<byte> sealingKey, CancellationToken cancellation)
    {
        const int Attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            RegistryHistory history = await _registry.ReadAsync(cancellation);
            var words = new RegistryProposal(
                _agreement.Federation, _registry.Deployment.ChainId, _registry.Deployment.Registry, (ulong)history.Proposals.Length, change, account, role,
                DigestOf(signingKey), DigestOf(sealingKey));
            try
            {
                _ = await _registry.ProposeAsync(words, signingKey, sealingKey, Sign(history, words), cancellation);
                if (history.Current.Find(_self) is { IsActiveMember: true })
                    await VoteAsync(words.Number, support: true, cancellation);
                return words.Number;
            }
            catch (LedgerRejectedException refusal) when (refusal.ErrorName == "WrongProposalNumber" && attempt < Attempts)
            {
                // Another party's proposal took the number first.
            }
        }
    }

    /// <summary>Votes on a proposal.</summary>
    /// <exception cref="LedgerMismatchException">There is no such proposal, or it is not signed by its proposer.</exception>
    /// <exception cref="LedgerRejectedException">The contract refuses the vote.</exception>
    public async Task VoteAsync(ulong number, bool support, CancellationToken cancellation)
    {
        RegistryHistory history = await _registry.ReadAsync(cancellation);
        ProposalRecord proposal = history.Proposals.ElementAtOrDefault(checked((int)Math.Min(number, int.MaxValue)))
            ?? throw new LedgerMismatchException($"There is no proposal {number}: the next one will be {history.Proposals.Length}.");
        if (await _registry.SignatureOfAsync(proposal.Step, cancellation) is not { } signature
            || !_parties.IsSigned(history, proposal.Words(_agreement.Federation, _registry.Deployment), proposal.Proposer, proposal.Version, signature))
            throw new LedgerMismatchException($"Proposal {number} is not signed under ML-DSA by {_parties.NameOf(proposal.Proposer)}. No vote was cast.");
        RegistryVote ballot = proposal.Ballot(_agreement.Federation, _registry.Deployment, support);
        _ = await _registry.VoteAsync(ballot, Sign(history, ballot), cancellation);
    }

    /// <summary>Executes a proposal if its votes are enough; <see langword="false"/> if they are not yet.</summary>
    /// <exception cref="LedgerMismatchException">The votes are enough for the contract, and those signed under ML-DSA are not: nothing was executed.</exception>
    /// <exception cref="LedgerRejectedException">The contract refuses for another reason.</exception>
    public async Task<bool> TryExecuteAsync(ulong number, CancellationToken cancellation)
    {
        RegistryHistory history = await _registry.ReadAsync(cancellation);
        if (number < (ulong)history.Proposals.Length && history.Proposals[(int)number] is { Execution: null } proposal)
            await _registry.VerifyVotesBeforeAsync(_agreement, history, proposal, cancellation);
        try
        {
            _ = await _registry.ExecuteAsync(number, cancellation);
            return true;
        }
        catch (LedgerRejectedException refusal) when (refusal.ErrorName is "QuorumMissed" or "ThresholdMissed")
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registry.Dispose();
        _journal.Dispose();
        _keys.Dispose();
    }

    private byte[] Sign<TRecord>(RegistryHistory history, TRecord words)
        where TRecord : IRecord<TRecord>
    {
        RegistryParty self = history.Current.Find(_self)
            ?? throw new LedgerMismatchException($"The registry does not have account {_self}: this party does not belong to the consortium.");
        return _parties.TryGetKey(self, out VerificationKey? key)
            ? _keys.SigningKeyOf(key).Sign(TRecord.Kind, RecordBytes.Of(words))
            : throw new LedgerMismatchException($"The record key that the registry has for {_self} is not an ML-DSA-65 key.");
    }

    private static Digest DigestOf(ReadOnlyMemory<byte> key) => key.IsEmpty ? default : Digest.Of(key.Span);
}
