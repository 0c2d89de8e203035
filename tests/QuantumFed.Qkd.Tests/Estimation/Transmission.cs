namespace QuantumFed.Qkd.Tests;

/// <summary>Transmissions over the GYS link, from seeds.</summary>
internal static class Transmission
{
    public static LinkRun Over(double kilometres, long pulses, ulong seed, string attack = "none", double fraction = 1, DecoyProtocol? protocol = null)
    {
        OpticalChannel channel = OpticalChannel.Gys(kilometres);
        protocol ??= DecoyProtocol.Gys;
        using LinkRandomness randomness = LinkRandomness.FromSeed(seed);
        SimulatedLink link = new(channel, protocol, Attacks.Of(attack, fraction, channel, protocol));
        return BlockSimulator.Run(link, pulses, randomness, TestContext.Current.CancellationToken);
    }

    public static LinkEstimate Estimated(LinkRun run) => LinkEstimate.Of(run, GysReference.Efficiency, FiniteKeySecurity.Default);
}
