using Microsoft.Extensions.Logging;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>Composes and runs a member of a federation in the clear, from the settings of an ordinary one. Only <c>qf compare</c> does.</summary>
public static class PlainMemberHost
{
    /// <summary>Takes part until cancelled.</summary>
    /// <exception cref="SettingsException">Settings or data do not fit.</exception>
    public static async Task RunAsync(string settingsPath, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        OpenSslVersion.RequirePostQuantum();
        MemberSettings settings = SettingsFile.Read<MemberSettings>(settingsPath);
        var folder = new PartyFolder(Path.GetDirectoryName(settingsPath)!);
        ConsortiumAgreement agreement = folder.ReadAgreement(settings.Agreement);
        PlainFederation.RequireDevelopment(agreement, settingsPath);
        using NodeIdentity identity = folder.ReadIdentity(time);
        Dataset training = DatasetCsv.ReadFile(folder.Resolve(settings.TrainingData));
        Directory.CreateDirectory(folder.State);
        ILogger logger = loggers.CreateLogger("QuantumFed.Node.PlainMember");
        var control = new ControlVariateFile(Path.Combine(folder.State, "plain-control-variate"));
        var work = new MemberTraining(agreement.Task, identity.Name, training, trainer: null, settings.TrainingSeed, control, time, logger);
        using GrpcChannel channel = GrpcChannel.Create(settings.Coordinator, identity, agreement.Coordinator.Id, time: time);
        await new PlainMember(agreement.Task, work, channel, time, logger).RunAsync(cancellation);
    }
}
