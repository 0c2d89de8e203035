namespace QuantumFed.Lattice;

/// <summary>What the lattice core takes on this machine. Rates are medians, in millions of parameters a second.</summary>
/// <param name="Ntt">The transforms by n.</param>
/// <param name="EncryptMparamPerSecond">From integers below 2^b to a ciphertext's bytes, under the round's elements, which are expanded before.</param>
/// <param name="AddMparamPerSecond">All members' checked ciphertexts into a sum, for each ciphertext.</param>
/// <param name="DecryptMparamPerSecond">From the summed ciphertext to the sums of the integers.</param>
/// <param name="BytesPerParameter">Of a ciphertext's bytes.</param>
/// <param name="ShareMilliseconds">A member's dealing and sealing of its secret to the committee.</param>
/// <param name="OpenMilliseconds">A committee member's unsealing, checking and adding of all dealers' shares.</param>
/// <param name="CombineMilliseconds">The combination of t sums of shares, and holding the others against it.</param>
/// <param name="PeakMegabytes">The process's largest resident size so far, in millions of bytes.</param>
public sealed record LatticeTiming(
    IReadOnlyDictionary<string, TransformTiming> Ntt, double EncryptMparamPerSecond, double AddMparamPerSecond, double DecryptMparamPerSecond,
    double BytesPerParameter, double ShareMilliseconds, double OpenMilliseconds, double CombineMilliseconds, double PeakMegabytes);
