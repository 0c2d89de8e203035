namespace QuantumFed.Learning;

/// <summary>What the coordinator makes of the members' mean update.</summary>
public enum ServerRule
{
    /// <summary>x += eta D: federated averaging (McMahan et al., AISTATS 2017) at eta = 1; FedProx has the same.</summary>
    Average,

    /// <summary>FedAdam (Reddi et al., ICLR 2021, algorithm 2).</summary>
    Adam,

    /// <summary>FedYogi (the same algorithm).</summary>
    Yogi,

    /// <summary>SCAFFOLD (Karimireddy et al., ICML 2020, algorithm 1).</summary>
    Scaffold,
}
