using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Models;

/// <summary>The standardisation of a member that scales by its own training rows.</summary>
/// <param name="Member">The member.</param>
/// <param name="Standardisation">Means and scales of its training rows.</param>
public sealed record OwnStandardisation(MemberId Member, Standardisation Standardisation);
