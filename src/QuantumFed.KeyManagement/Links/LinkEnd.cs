using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;
using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>What both ends of a running link have in common.</summary>
/// <param name="Name">The link's name.</param>
/// <param name="Role">Which end.</param>
/// <param name="Peer">The key manager at the other end.</param>
/// <param name="Identity">This end's identity; borrowed.</param>
/// <param name="Agreement">What both ends agreed on for their blocks.</param>
/// <param name="InitialSecret">What a link that begins starts with; not read once there is a state.</param>
/// <param name="Store">This end's keys.</param>
/// <param name="Exchange">Their delivery.</param>
/// <param name="Alarm">Why the link brings nothing.</param>
/// <param name="Figures">Where each block is counted.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where to tell.</param>
public sealed record LinkEnd(
    string Name, LinkRole Role, MemberId Peer, NodeIdentity Identity, LinkAgreement Agreement, Func<byte[]> InitialSecret, KeyStore Store, KeyExchange Exchange, LinkAlarm Alarm,
    LinkFigures Figures, TimeProvider Time, ILogger Logger)
{
    private const string NotAuthentic = "a message on the classical channel was not authentic";

    /// <summary>How long a block may take: a peer that is silent for longer is gone.</summary>
    internal static readonly TimeSpan BlockTime = TimeSpan.FromMinutes(2);

    /// <summary>Reads the end's state, or begins with the initial secret.</summary>
    /// <exception cref="KeyStoreException">The state is damaged.</exception>
    internal LinkEndState OpenState()
    {
        byte[]? saved = Store.ReadLinkState();
        byte[] bytes = saved ?? InitialSecret();
        try
        {
            if (saved is null)
                return LinkEndState.Create(Role, bytes);
            return LinkEndState.TryRead(saved, out LinkEndState? state)
                ? state
                : throw new KeyStoreException("The link's saved state is damaged: its authentication keys cannot be trusted to be unused. Give both ends a new initial secret and empty stores.");
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Counts a block, and raises or ends the alarm by it; <see langword="true"/> if the connection can be used for the next.</summary>
    internal bool Take(DistilledBlock block, TimeSpan duration)
    {
        BlockFigures figures = block.Figures;
        Figures.Add(new LinkBlockFigures(block.Outcome.ToString(), figures.QuantumBitErrorRate, figures.SiftedBits, 8L * block.Key.Length, duration));
        LinkLog.BlockDistilled(
            Logger, Name, Role, block.Number, block.Outcome, block.Abort?.ToString() ?? "", figures.QuantumBitErrorRate, figures.SiftedBits, figures.LeakedBits,
            8L * block.Key.Length, duration.TotalSeconds, Store.StoredUnits);
        if (block.Outcome == BlockOutcome.Delivered)
        {
            // The ends agree on it block by block: the receiver's settings may know of no seed.
            if (!block.IsSecret)
                LinkLog.NotSecret(Logger, Name, Role, block.Number);
            if (Alarm.Clear())
                LinkLog.AlarmEnded(Logger, Name, Role);
            return true;
        }
        string reason = ReasonOf(block);
        if (Alarm.Raise(reason))
            LinkLog.AlarmRaised(Logger, Name, Role, reason, figures.QuantumBitErrorRate);
        return block.Outcome == BlockOutcome.Aborted;
    }

    // Why the connection ended. What only the other end found is an alarm here too; nobody vouches for its word, and whoever forges it disturbs the link as well.
    internal void TakeEnding(Exception error)
    {
        LinkLog.Disconnected(Logger, Name, Role, error is OperationCanceledException ? "it did not answer in time." : error.Message);
        if (error is KeyStoreException && Alarm.Raise(LinkAlarm.DiskFull))
            LinkLog.AlarmRaised(Logger, Name, Role, LinkAlarm.DiskFull, 0);
        if (error is LinkProtocolException { Refusal: LinkRefusal.AuthenticationFailed } && Alarm.Raise(NotAuthentic))
            LinkLog.AlarmRaised(Logger, Name, Role, NotAuthentic, 0);
    }

    private static string ReasonOf(DistilledBlock block) => block.Outcome switch
    {
        BlockOutcome.Aborted when block.Abort == AbortReason.TooManyErrors => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{100 * block.Figures.QuantumBitErrorRate:F1} % of the bits are wrong, more than {100 * LinkEstimate.MostQuantumBitErrorRate:F0} %: an eavesdropper, or a fault"),
        BlockOutcome.Aborted when block.Abort == AbortReason.NoSinglePhotons => "the decoys show no single photons: an eavesdropper splits photon numbers, or a fault",
        BlockOutcome.Aborted => "no secret bit is left of what was measured",
        BlockOutcome.ReserveEmpty => "the secret that authenticates the link is used up: both ends need a new one",
        BlockOutcome.AuthenticationFailed => NotAuthentic,
        BlockOutcome.VerificationFailed => "the two ends' keys differ",
        _ => "the last block was given up",
    };
}
