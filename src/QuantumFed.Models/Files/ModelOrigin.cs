using QuantumFed.Protocol;

namespace QuantumFed.Models;

/// <summary>Where a model comes from.</summary>
/// <param name="Title">The data, as the agreement names it.</param>
/// <param name="Federation">The federation that trained it.</param>
/// <param name="Agreement">Digest of the federation's agreement, the bytes of consortium.json.</param>
/// <param name="Round">The round that gave it.</param>
/// <param name="Audited">Whether the whole consortium was audited, and everything held, before the model was exported.</param>
/// <param name="Method">The training method's name.</param>
/// <param name="Settings">The method's settings, for people.</param>
public sealed record ModelOrigin(
    string Title, FederationId Federation, Digest Agreement, RoundId Round, bool Audited, string Method, IReadOnlyList<ModelSetting> Settings);
