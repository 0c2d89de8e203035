namespace QuantumFed.Report;

/// <summary>A hospital's accuracy with its own model and with the federated one; one of the two may be missing.</summary>
/// <param name="Name">The hospital.</param>
/// <param name="Local">Of its own model, from 0 to 1.</param>
/// <param name="Federated">Of the federated model, from 0 to 1.</param>
internal sealed record HospitalPair(string Name, double? Local, double? Federated);
