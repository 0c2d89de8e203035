using QuantumFed.Federation;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The charter that an agreement asks the ledger to hold.</summary>
public static class LedgerCharter
{
    /// <summary>The charter of an agreement, with the model that its task begins with.</summary>
    public static ConsortiumCharter Of(ConsortiumAgreement agreement) =>
        RecordedRounds.CharterOf(agreement, Digest.Of(RoundTask.InitialModel(agreement.Task).ToCanonicalBytes()));
}
