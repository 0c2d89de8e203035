namespace QuantumFed.Qkd.Tests;

/// <summary>A message of a conversation: up to Cascade's by its number, afterwards, where numbers vary with the errors' places, by its kind and sender.</summary>
internal sealed record AttackedMessage(int? Number, LinkMessageKind Kind, LinkRole Sender)
{
    /// <summary>Every message up to the first of Cascade's, some of Cascade's, which are alike, and every message after them.</summary>
    public static IReadOnlyList<AttackedMessage> All { get; } =
    [
        .. Enumerable.Range(0, 14).Concat([21, 34, 47, 60, 87]).Select(number => new AttackedMessage(number, default, default)),
        new(null, LinkMessageKind.CascadeEnd, LinkRole.Receiver),
        new(null, LinkMessageKind.Verification, LinkRole.Transmitter),
        new(null, LinkMessageKind.Verified, LinkRole.Receiver),
        new(null, LinkMessageKind.Amplification, LinkRole.Transmitter),
        new(null, LinkMessageKind.Tag, LinkRole.Receiver),
        new(null, LinkMessageKind.Tag, LinkRole.Transmitter),
        new(null, LinkMessageKind.Ready, LinkRole.Receiver),
        new(null, LinkMessageKind.Settled, LinkRole.Transmitter),
    ];

    public bool Is(int number, LinkRole sender, byte[] message) => Number is { } n ? number == n : sender == Sender && message[0] == (byte)Kind;
}
