namespace QuantumFed.Lattice;

/// <summary>What the lattice core takes on this machine. Rates are medians, in millions of parameters a second.</summary>
/// <param name="Threads">The threads that encryption, addition and decryption ran on; everything else runs on one.</param>
/// <param name="Ntt">The transforms by n.</param>
/// <param name="EncryptMparamPerSecond">A member's 32-bit numbers to a ciphertext's bytes: a fresh key, norm, clipping, weight, stochastic rounding, packing,
/// encryption, under the round's elements, which are expanded before.</param>
/// <param name="AddMparamPerSecond">All members' checked ciphertexts into a sum, for each ciphertext.</param>
/// <param name="AddArrivingMparamPerSecond">The same with blocks that come one by one, unchecked, member after member, on one thread.</param>
/// <param name="DecryptMparamPerSecond">From the summed ciphertext's bytes to 32-bit numbers, with all checks.</param>
/// <param name="BytesPerParameter">Of a ciphertext's bytes.</param>
/// <param name="ShareMilliseconds">A member's dealing and sealing of its secret to the committee.</param>
/// <param name="OpenMilliseconds">A committee member's unsealing, checking and adding of all dealers' shares.</param>
/// <param name="CombineMilliseconds">The combination of t sums of shares, and holding the others against it.</param>
/// <param name="PeakMegabytes">The process's largest resident size so far, in millions of bytes.</param>
/// <param name="EncryptSpeedup">How many times the rate of one thread in the same run, where there are more.</param>
/// <param name="AddSpeedup">The same of addition.</param>
/// <param name="DecryptSpeedup">The same of decryption.</param>
public sealed record LatticeTiming(
    int Threads, IReadOnlyDictionary<string, TransformTiming> Ntt, double EncryptMparamPerSecond, double AddMparamPerSecond,
    double AddArrivingMparamPerSecond, double DecryptMparamPerSecond, double BytesPerParameter, double ShareMilliseconds, double OpenMilliseconds,
    double CombineMilliseconds, double PeakMegabytes, double? EncryptSpeedup, double? AddSpeedup, double? DecryptSpeedup);
