using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>An account, and slots of its storage, that a transaction says it will touch (EIP-2930).</summary>
public sealed record AccessListEntry(EthereumAddress Account, ImmutableArray<Digest> StorageKeys)
{
    internal static RlpItem ToRlp(ImmutableArray<AccessListEntry> list) => RlpItem.List([.. list.Select(entry => RlpItem.List(
        RlpItem.Of(entry.Account.ToArray()), RlpItem.List([.. entry.StorageKeys.Select(key => RlpItem.Of(key.ToArray()))])))]);

    internal static bool TryReadList(RlpItem item, [NotNullWhen(true)] out ImmutableArray<AccessListEntry>? list)
    {
        list = null;
        if (!item.IsList)
            return false;
        ImmutableArray<AccessListEntry>.Builder entries = ImmutableArray.CreateBuilder<AccessListEntry>(item.Items.Count);
        foreach (RlpItem entry in item.Items)
        {
            if (entry.Items is not [{ IsList: false, Bytes.Length: EthereumAddress.SizeInBytes } account, { IsList: true } keys]
                || keys.Items.Any(key => key.IsList || key.Bytes.Length != Digest.SizeInBytes))
                return false;
            entries.Add(new AccessListEntry(new EthereumAddress(account.Bytes.Span), [.. keys.Items.Select(key => new Digest(key.Bytes.Span))]));
        }
        list = entries.MoveToImmutable();
        return true;
    }
}
