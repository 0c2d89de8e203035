using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Names and public keys of the registry's parties: the founders' from the agreement, all others' from the ledger.</summary>
public sealed class PartyDirectory(ConsortiumAgreement agreement)
{
    /// <summary>The name that the agreement gives an account; the account itself where it gives none.</summary>
    public string NameOf(EthereumAddress account) =>
        account == agreement.Coordinator.Account ? agreement.Coordinator.Id.Name : agreement.Find(account)?.Id.Name ?? account.ToString();

    /// <summary>The account of a name of the agreement, or the account that is written out.</summary>
    public bool TryFind(string nameOrAccount, out EthereumAddress account)
    {
        if (EthereumAddress.TryParse(nameOrAccount, out account))
            return true;
        if (!MemberId.TryParse(nameOrAccount, out MemberId id) || (id != agreement.Coordinator.Id && agreement.Find(id) is null))
            return false;
        account = id == agreement.Coordinator.Id ? agreement.Coordinator.Account : agreement.Find(id)!.Account;
        return true;
    }

    /// <summary>The record key that a party has in a version of the registry; <see langword="false"/> if what the members voted in is no ML-DSA-65 key.</summary>
    public bool TryGetKey(RegistryParty party, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = party.Account == agreement.Coordinator.Account ? agreement.Coordinator.Key : agreement.Find(party.Account)?.Key;
        return key?.Digest == party.SigningKeyHash || VerificationKey.TryParse(party.SigningKey.Span, out key);
    }

    /// <summary>Whether a signature over a proposal or a vote is its signer's, with the key that the registry had for it then.</summary>
    /// <param name="history">The registry.</param>
    /// <param name="words">What is signed.</param>
    /// <param name="signer">Who is said to have signed.</param>
    /// <param name="version">The registry's version then.</param>
    /// <param name="signature">The ML-DSA-65 signature.</param>
    public bool IsSigned<TRecord>(RegistryHistory history, TRecord words, EthereumAddress signer, ulong version, ReadOnlySpan<byte> signature)
        where TRecord : IRecord<TRecord> =>
        history.At(version)?.Find(signer) is { } party && TryGetKey(party, out VerificationKey? key)
        && key.Verifies(TRecord.Kind, RecordBytes.Of(words), signature);
}
