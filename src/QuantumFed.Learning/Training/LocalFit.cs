namespace QuantumFed.Learning;

/// <summary>What <see cref="LocalNewton"/> found.</summary>
/// <param name="Model">The model, over standardised features.</param>
/// <param name="Iterations">The Newton steps taken.</param>
/// <param name="Converged">Whether the gradient vanished; otherwise the model is the best one reached.</param>
public sealed record LocalFit(LogisticModel Model, int Iterations, bool Converged);
