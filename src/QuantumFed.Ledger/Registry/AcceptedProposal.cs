using System.Globalization;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// An executed proposal that people accept although too few signed it under ML-DSA. Its text, <c>NUMBER:0xHASH</c>, is the same in settings, on the command line and in
/// messages, so that it is copied and not composed.
/// </summary>
/// <param name="Number">The proposal's number.</param>
/// <param name="Transaction">The transaction that executed it: on a chain where another one did, it is not what was accepted.</param>
public readonly record struct AcceptedProposal(ulong Number, Digest Transaction)
{
    /// <summary>What has to be named to accept a proposal that was executed.</summary>
    /// <exception cref="ArgumentException">It was not executed.</exception>
    public static AcceptedProposal Of(ProposalRecord executed)
    {
        ArgumentNullException.ThrowIfNull(executed);
        return executed.Execution is { } carried
            ? new(executed.Number, carried.Step.TransactionHash)
            : throw new ArgumentException($"Proposal {executed.Number} was not executed.", nameof(executed));
    }

    /// <summary>Reads <c>NUMBER:0xHASH</c>: decimal digits, and 0x with 64 hexadecimal ones. <see langword="false"/> if the text is anything else.</summary>
    public static bool TryParse(string? text, out AcceptedProposal accepted)
    {
        accepted = default;
        if (text?.Split(':') is not [var number, ['0', 'x', ..] hash] || !Digest.TryParse(hash, out Digest transaction)
            || !ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            return false;
        accepted = new AcceptedProposal(value, transaction);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}:0x{Transaction}");
}
