using QuantumFed.Learning;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A workspace of a few hospitals with made-up rows and one round of Newton's method.</summary>
internal static class SmallWorkspace
{
    public static ConsortiumAgreement Found(WorkspaceLayout layout, int hospitals, int rounds = 1, int ledgerPort = 1, int coordinatorPort = 2)
    {
        IReadOnlyList<HospitalCohort> cohorts = SyntheticReadmissionSource.Generate(hospitals, 1).Cohorts;
        var task = new LearningTask
        {
            Dataset = "small",
            Method = TrainingMethod.Newton,
            Model = new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0),
            Features = [.. cohorts[0].Train.FeatureNames],
            Magnitudes = new int[cohorts[0].Train.FeatureCount],
            Standardise = Standardise.Federated,
            L2 = NewtonStep.DefaultL2,
            Rounds = rounds,
            Averaging = null,
        };
        var request = new WorkspaceRequest("small", cohorts, task, ledgerPort, coordinatorPort, TimeSpan.FromMinutes(1), TrainingSeed: null);
        return WorkspaceFactory.Create(layout, request, TimeProvider.System);
    }
}
