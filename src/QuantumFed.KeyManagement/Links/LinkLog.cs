using Microsoft.Extensions.Logging;
using QuantumFed.Qkd;

namespace QuantumFed.KeyManagement;

/// <summary>What a link tells of itself.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(4101, LogLevel.Information, "{Link}, {Role}: connected to {Peer}.")]
    public static partial void Connected(ILogger logger, string link, LinkRole role, Protocol.MemberId peer);

    [LoggerMessage(4102, LogLevel.Warning, "{Link}, {Role}: not connected to the other end: {Reason} Trying again.")]
    public static partial void Disconnected(ILogger logger, string link, LinkRole role, string reason);

    [LoggerMessage(4103, LogLevel.Information, "{Link}, {Role}: block {Block} {Outcome} {Abort}: QBER {Qber:P2}, {SiftedBits} sifted bits, {LeakedBits} announced, {KeyBits} bits of key in {Seconds:F2} s; {StoredUnits} keys wait.")]
    public static partial void BlockDistilled(
        ILogger logger, string link, LinkRole role, ulong block, BlockOutcome outcome, string abort, double qber, int siftedBits, int leakedBits, long keyBits, double seconds, long storedUnits);

    [LoggerMessage(4104, LogLevel.Warning, "{Link}, {Role}: ALARM, no new key: {Reason}. QBER {Qber:P2}.")]
    public static partial void AlarmRaised(ILogger logger, string link, LinkRole role, string reason, double qber);

    [LoggerMessage(4105, LogLevel.Information, "{Link}, {Role}: the alarm is over, there is new key again.")]
    public static partial void AlarmEnded(ILogger logger, string link, LinkRole role);

    [LoggerMessage(4106, LogLevel.Warning, "{Link}, {Role}: block {Block} came of a seed: its key repeats and is NO SECRET.")]
    public static partial void NotSecret(ILogger logger, string link, LinkRole role, ulong block);
}
