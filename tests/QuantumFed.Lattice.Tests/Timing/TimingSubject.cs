using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Code whose time may depend on its input: it is given inputs of two classes, one fixed, one random, and timed on them.</summary>
/// <param name="Prepare">Writes a slot's input: the fixed one if the flag says so. See <see cref="TimingInputs"/>.</param>
/// <param name="Run">Runs the code on a slot's input.</param>
internal sealed record TimingSubject(Action<int, bool, RandomStream> Prepare, Action<int> Run)
{
    /// <summary>Inputs that are prepared before any is timed, each in memory of its own, so that neither class is warmer in a cache.</summary>
    internal const int Slots = 16;

    internal static T[] PerSlot<T>(Func<T> create)
    {
        T[] slots = new T[Slots];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = create();
        return slots;
    }
}
