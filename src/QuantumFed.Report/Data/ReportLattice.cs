namespace QuantumFed.Report;

/// <summary>The lattice's parameters.</summary>
/// <param name="Ring">For example <c>Z_q[X]/(X^2048 + 1)</c>.</param>
/// <param name="ModulusBits">Bits of q.</param>
/// <param name="BitsPerValue">Bits of one encrypted value.</param>
/// <param name="Lanes">Values in one coefficient.</param>
/// <param name="BytesPerParameter">Bytes of ciphertext for one parameter or statistic, for long vectors.</param>
/// <param name="NoiseBound">B of docs/lattice.md.</param>
public sealed record ReportLattice(string Ring, int ModulusBits, int BitsPerValue, int Lanes, double? BytesPerParameter, int NoiseBound);
