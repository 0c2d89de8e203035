using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Reads the registry out of verified blocks. Every event must tell what its call's data said, come from the account that sent it, in time, and fit the
/// signature that the call carries.
/// </summary>
internal sealed class OfflineRegistryReader(OfflineChain chain, LedgerDeployment deployment)
{
    private static readonly ContractAbi Abi = ContractArtifact.ConsortiumRegistry.Abi;

    public bool TryRead([NotNullWhen(true)] out OfflineRegistry? registry, [NotNullWhen(false)] out string? failure)
    {
        registry = null;
        RegistryBuilder builder = new();
        List<int> starts = [0];
        Dictionary<Digest, byte[]> signatures = [];
        for (int i = 0; i < chain.Transactions.Length; i++)
        {
            OfflineTransaction transaction = chain.Transactions[i];
            foreach (LedgerLog log in transaction.Receipt.Logs.Where(log => log.Address == deployment.Registry))
            {
                if (!IsTruthful(transaction, log, builder, signatures, out AbiValues? @event)
                    || !builder.TryApply(@event, transaction.Transaction.Hash, transaction.Block.Number))
                {
                    failure = $"Transaction {transaction.Transaction.Hash} left an event of the registry that the contract cannot have emitted for it.";
                    return false;
                }
                // The transactions after this one find the new version.
                if (@event.Name == "ProposalExecuted")
                    starts.Add(i + 1);
            }
        }
        if (builder.Build() is not { } history)
        {
            failure = $"The founding of the registry at {deployment.Registry} is not complete.";
            return false;
        }
        registry = new OfflineRegistry(history, [.. starts], signatures);
        failure = null;
        return true;
    }

    private bool IsTruthful(
        OfflineTransaction transaction, LedgerLog log, RegistryBuilder builder, Dictionary<Digest, byte[]> signatures, [NotNullWhen(true)] out AbiValues? @event)
    {
        if (!Abi.TryDecodeEvent(log.Topics, log.Data.Span, out @event) || !transaction.Receipt.Succeeded)
            return false;
        TransactionRequest request = transaction.Transaction.Request;
        // The founding's events are the creation's, whose code and arguments are checked with the charter.
        if (request.To is null)
            return EthereumAddress.OfContract(transaction.Sender, request.Nonce) == deployment.Registry;
        if (request.To != deployment.Registry || !Abi.TryDecodeCall(request.Data.Span, out AbiValues? call) || !IsOf(call, @event.Name) || !@event.AgreesWith(call))
            return false;
        ulong now = transaction.Block.Timestamp;
        return @event.Name switch
        {
            "ProposalMade" => @event.Address("proposer") == transaction.Sender && CarriesItsSignature(transaction, @event, call, signatures)
                && @event.Number("expires") == now + (ulong)builder.Rules!.VotingPeriod.TotalSeconds,
            "VoteCast" => @event.Address("voter") == transaction.Sender && CarriesItsSignature(transaction, @event, call, signatures)
                && now <= builder.Proposal(@event.Number("proposalId"))?.Expires,
            "ProposalExecuted" => @event.Address("by") == transaction.Sender && now <= builder.Proposal(@event.Number("proposalId"))?.Expires,
            _ => true,
        };
    }

    private static bool IsOf(AbiValues call, string eventName) => call.Name == eventName switch
    {
        "ProposalMade" or "KeysProposed" => "propose",
        "VoteCast" => "vote",
        _ => "execute",
    };

    private static bool CarriesItsSignature(OfflineTransaction transaction, AbiValues @event, AbiValues call, Dictionary<Digest, byte[]> signatures)
    {
        byte[] signature = call.Get<byte[]>("signature");
        signatures[transaction.Transaction.Hash] = signature;
        return signature.Length == SignedMessage.SignatureSizeInBytes && Digest.Of(signature) == @event.Hash("signatureHash");
    }
}
