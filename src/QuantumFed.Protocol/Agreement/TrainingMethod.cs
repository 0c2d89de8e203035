namespace QuantumFed.Protocol;

/// <summary>How the members train together.</summary>
public enum TrainingMethod
{
    /// <summary>Logistic regression by Newton-Raphson on encrypted gradient and Hessian sums.</summary>
    Newton,

    /// <summary>Federated averaging of encrypted weighted updates (McMahan et al., AISTATS 2017).</summary>
    FedAvg,

    /// <summary>Federated averaging with a proximal term at the members (Li et al., MLSys 2020).</summary>
    FedProx,

    /// <summary>Federated averaging with Adam at the coordinator (Reddi et al., ICLR 2021).</summary>
    FedAdam,

    /// <summary>Federated averaging with Yogi at the coordinator (the same).</summary>
    FedYogi,

    /// <summary>Federated averaging with control variates, two encrypted vectors (Karimireddy et al., ICML 2020).</summary>
    Scaffold,
}
