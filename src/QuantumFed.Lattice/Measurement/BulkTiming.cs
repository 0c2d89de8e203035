namespace QuantumFed.Lattice;

/// <summary>What <see cref="BulkMeasurement"/> found.</summary>
/// <param name="Encrypt">From numbers to a ciphertext's bytes.</param>
/// <param name="Add">Checked ciphertexts, four at a time, for each of them.</param>
/// <param name="AddArrivingMparamPerSecond">Unchecked blocks, one at a time, for each ciphertext.</param>
/// <param name="Decrypt">From the sum's bytes to numbers.</param>
internal sealed record BulkTiming(PipelineRate Encrypt, PipelineRate Add, double AddArrivingMparamPerSecond, PipelineRate Decrypt);
