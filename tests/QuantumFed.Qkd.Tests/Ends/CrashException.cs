namespace QuantumFed.Qkd.Tests;

/// <summary>Stands for the death of a process.</summary>
internal sealed class CrashException : Exception;
