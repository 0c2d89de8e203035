namespace QuantumFed.Lattice.Tests;

/// <summary>A reader of bytes that others wrote.</summary>
internal delegate bool HostileParser<TValue>(ReadOnlySpan<byte> bytes, out TValue? value);
