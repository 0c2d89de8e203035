using Google.Protobuf;
using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire.Plain;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>A member of a federation in the clear, for comparisons: it believes the model it is sent and sends its update as it is.</summary>
internal sealed partial class PlainMember(LearningTask task, MemberTraining training, GrpcChannel channel, TimeProvider time, ILogger logger)
{
    private const int PartSize = 1 << 20;
    private const int ModelAllowance = 1 << 20;
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(0.2);

    /// <summary>Takes part in every step.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (int step = 0; step < RoundTask.RoundCount(task); step++)
        {
            ModelState model = await ReceiveAsync(step, cancellation);
            (double[] numbers, ulong weight) = await ContributeAsync(step, model, cancellation);
            await channel.ClientStreamingAsync(
                PlainMethods.SubmitUpdate, PartsOf(step, weight, PlainNumbers.ToBytes(RoundTask.PurposeOf(task, model), numbers)), null, cancellation);
            Log.Sent(logger, step);
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
    }

    private async Task<(double[] Numbers, ulong Rows)> ContributeAsync(int step, ModelState model, CancellationToken cancellation)
    {
        try
        {
            return await training.ContributeInClearAsync(new RoundId((ulong)step), model, cancellation);
        }
        catch (ContributionException refusal)
        {
            throw new RoundFailedException(new RoundId((ulong)step), refusal.Message);
        }
    }

    private async Task<ModelState> ReceiveAsync(int step, CancellationToken cancellation)
    {
        int limit = RoundTask.InitialModel(task).ToCanonicalBytes().Length + ModelAllowance;
        while (true)
        {
            try
            {
                using var bytes = new MemoryStream();
                await foreach (ModelPart part in channel.ServerStreamingAsync(PlainMethods.ReadModel, new ModelRequest { Step = (uint)step }, null, cancellation))
                {
                    if (bytes.Length + part.Data.Length > limit)
                        throw new InvalidDataException("The coordinator sent more than a model.");
                    bytes.Write(part.Data.Span);
                }
                return ModelState.TryParse(bytes.ToArray(), out ModelState? model)
                    ? model
                    : throw new InvalidDataException("What the coordinator sent is no model.");
            }
            catch (GrpcException error) when (error.Status == GrpcStatusCode.Unavailable && !cancellation.IsCancellationRequested)
            {
                // The coordinator is still starting.
                await Task.Delay(ReconnectDelay, time, cancellation);
            }
        }
    }

    private static async IAsyncEnumerable<PlainUpdatePart> PartsOf(int step, ulong weight, byte[] data)
    {
        yield return new PlainUpdatePart { Header = new PlainUpdateHeader { Step = (uint)step, Weight = weight } };
        for (int offset = 0; offset < data.Length; offset += PartSize)
            yield return new PlainUpdatePart { Data = ByteString.CopyFrom(data.AsSpan(offset, Math.Min(PartSize, data.Length - offset))) };
        await Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(3004, LogLevel.Information, "Plain step {Step}: sent the update in the clear.")]
        public static partial void Sent(ILogger logger, int step);
    }
}
