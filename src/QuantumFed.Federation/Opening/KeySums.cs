using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>Reading committee members' key sum shares.</summary>
public static class KeySums
{
    /// <summary>Checks that a message is a committee member's share for this closing, and reads it.</summary>
    public static bool TryOpen(
        RoundContext context, Digest closing, SignedMessage message, out ushort receiver, [NotNullWhen(true)] out ShareSum? sum)
    {
        sum = null;
        receiver = 0;
        if (context.Agreement.Find(message.Signer) is not { } member || !message.TryOpen(member.Key, out KeySumShare? share)
            || share.Closing != closing || context.MemberAt(share.Receiver) != member.Id || !ShareSum.TryParse(context.Parameters.Set, share.Sum.Span, out sum))
            return false;
        receiver = share.Receiver;
        return true;
    }
}
