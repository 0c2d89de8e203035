using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>The two streams of random numbers behind a simulated link: nature's, and the parties' own choices.</summary>
/// <remarks>They are apart so that a key is as secret as the choices are: nothing is learnt of bases, bits and intensities from what nature drew. Not thread safe.</remarks>
public sealed class LinkRandomness : IDisposable
{
    private LinkRandomness(RandomStream physics, RandomStream choices, bool choicesAreSecret)
    {
        Physics = physics;
        Choices = choices;
        ChoicesAreSecret = choicesAreSecret;
    }

    /// <summary>Photon numbers, losses, dark counts, errors, and what an eavesdropper does.</summary>
    public RandomStream Physics { get; }

    /// <summary>The bases, bits and intensities.</summary>
    public RandomStream Choices { get; }

    /// <summary>Whether the choices came from the operating system's generator. With a seed whoever knows it knows the key.</summary>
    public bool ChoicesAreSecret { get; }

    /// <summary>Secret choices; no run repeats another.</summary>
    public static LinkRandomness FromOperatingSystem() => new(RandomStream.FromOperatingSystem(), RandomStream.FromOperatingSystem(), true);

    /// <summary>A run that can be repeated, and whose keys are therefore no secret.</summary>
    public static LinkRandomness FromSeed(ulong seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        return new LinkRandomness(
            RandomStream.FromSeed(bytes, "QuantumFed.Qkd.Optics physics"), RandomStream.FromSeed(bytes, "QuantumFed.Qkd.Optics choices"), false);
    }

    /// <summary>Erases both.</summary>
    public void Dispose()
    {
        Physics.Dispose();
        Choices.Dispose();
    }
}
