namespace QuantumFed.Learning;

/// <summary>The ranges of <see cref="LocalTraining"/>.</summary>
internal static class LocalTrainingChecks
{
    private const int MaxEpochs = 1000;
    private const int MaxBatchSize = 65_536;

    /// <summary>Refuses settings that are out of range.</summary>
    /// <exception cref="ArgumentException">One is.</exception>
    public static void Check(this LocalTraining settings)
    {
        string failure =
            settings.Epochs is < 1 or > MaxEpochs ? $"there are 1 to {MaxEpochs} epochs, not {settings.Epochs}"
            : settings.BatchSize is < 1 or > MaxBatchSize ? $"a batch has 1 to {MaxBatchSize} rows, not {settings.BatchSize}"
            : !(settings.LearningRate > 0) || !float.IsFinite((float)settings.LearningRate) ? "the learning rate is a finite number above 0"
            : !IsPenalty(settings.WeightDecay) ? "the weight decay is a finite number of at least 0"
            : !IsPenalty(settings.Proximal) ? "the proximal weight is a finite number of at least 0"
            : !Enum.IsDefined(settings.Optimizer) ? "there is no such optimiser"
            : "";
        if (failure.Length > 0) throw new ArgumentException($"In the settings of local training: {failure}.", nameof(settings));
    }

    private static bool IsPenalty(double value) => value >= 0 && float.IsFinite((float)value);
}
