using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Trainers;

namespace QuantumFed.Node;

/// <summary>A member's own trainer: another program, asked once a round. What it says on standard error becomes events.</summary>
internal sealed partial class ExternalTrainer : IUpdateTrainer, IAsyncDisposable
{
    private readonly TrainerProgram _program;
    private readonly LearningTask _task;
    private readonly string _dataPath;
    private readonly long? _seed;

    public ExternalTrainer(
        TrainerSettings settings, LearningTask task, string dataPath, long? seed, string folder, TimeProvider time, ILogger logger)
    {
        _program = new TrainerProgram(settings, folder, line => Log.Said(logger, line), time);
        (_task, _dataPath, _seed) = (task, dataPath, seed);
    }

    /// <inheritdoc/>
    public async Task<LocalUpdate> TrainAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        LocalTraining training = TaskTerms.TrainingOf(_task);
        var request = new TrainerRequest
        {
            Round = (long)round.Value,
            Step = (int)round.Value - (_task.Standardise == Standardise.Federated ? 1 : 0) is >= 0 and int step ? step : 0,
            Seed = SeedOf(round),
            Model = ModelOf(model.Shape),
            Parameters = Array.ConvertAll(model.Parameters.ToArray(), number => (float)number),
            TrainingData = _dataPath,
            Means = model.Standardisation?.Means.ToArray(),
            Scales = model.Standardisation?.Scales.ToArray(),
            Settings = new Dictionary<string, double>
            {
                ["epochs"] = training.Epochs,
                ["batchSize"] = training.BatchSize,
                ["learningRate"] = training.LearningRate,
                ["weightDecay"] = training.WeightDecay,
                ["proximal"] = training.Proximal,
            },
        };
        try
        {
            TrainerUpdate update = await _program.TrainAsync(request, cancellation);
            double? loss = update.Metrics.TryGetValue("loss", out double said) ? said : null;
            return new LocalUpdate(Array.ConvertAll(update.Delta, number => (double)number), update.RowCount, StepCount: 1, loss);
        }
        catch (TrainerException error)
        {
            throw new ContributionException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    // Another in each round, so that a trainer that draws from it alone does not shuffle alike for ever. The multiplier is 2^64 / golden ratio.
    private long SeedOf(RoundId round) => _seed is { } seed
        ? (long)(unchecked(((ulong)seed + round.Value + 1) * 0x9E3779B97F4A7C15) >> 11)
        : RandomNumberGenerator.GetInt32(int.MaxValue);

    private TrainerModel ModelOf(ModelShape shape) => shape.Kind switch
    {
        ModelKind.Logistic => TrainerModel.Logistic(_task.Features),
        ModelKind.Softmax => TrainerModel.Softmax(_task.Features, shape.ClassCount),
        ModelKind.Mlp => TrainerModel.Mlp(_task.Features, shape.Hidden, shape.ClassCount),
        _ => TrainerModel.Opaque(_task.Features, shape.ClassCount, shape.ParameterCount),
    };

    private static partial class Log
    {
        [LoggerMessage(2019, LogLevel.Information, "The trainer says: {Line}")]
        public static partial void Said(ILogger logger, string line);
    }
}
