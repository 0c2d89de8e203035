using Microsoft.Extensions.Logging;
using QuantumFed.Learning;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>Composes and runs a member.</summary>
public static class MemberHost
{
    /// <summary>Takes part in the federation until cancelled.</summary>
    /// <param name="settingsPath">Path of settings.json.</param>
    /// <param name="loggers">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SettingsException">Settings, keys or data do not fit.</exception>
    /// <exception cref="RoundFailedException">The record does not agree with this member's own replay.</exception>
    public static async Task RunAsync(string settingsPath, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        OpenSslVersion.RequirePostQuantum();
        MemberSettings settings = SettingsFile.Read<MemberSettings>(settingsPath);
        var folder = new PartyFolder(Path.GetDirectoryName(settingsPath)!);
        ConsortiumAgreement agreement = folder.ReadAgreement(settings.Agreement);
        using NodeIdentity identity = folder.ReadIdentity(time);
        AgreedMember self = agreement.Find(identity.Name)
            ?? throw new SettingsException(settingsPath, [$"the certificate is of '{identity.Name}', which is no member of the agreement"]);
        using var keys = new PartyKeys(folder);
        using LedgerAccount account = folder.ReadAccount(self.Account);
        string dataPath = folder.Resolve(settings.TrainingData);
        Dataset training = DatasetCsv.ReadFile(dataPath);
        if (!training.FeatureNames.SequenceEqual(agreement.Task.Features))
            throw new SettingsException(dataPath, ["its feature columns are not those of the agreement"]);
        if (training.LargestLabel >= agreement.Task.Model.Classes)
            throw new SettingsException(dataPath, [$"it has label {training.LargestLabel}; the agreed model tells {agreement.Task.Model.Classes} classes apart, from 0"]);
        Directory.CreateDirectory(folder.State);
        using FileOpeningJournal journal = FileOpeningJournal.Open(
            Path.Combine(folder.State, "openings.journal"), mayBegin: !ChainMemory.Exists(folder.State));
        using LedgerGateway ledger = await LedgerGateway.ConnectAsync(
            agreement, LedgerAccess.Endpoint(settings.LedgerRpc, settings.LedgerAccess, folder), settings.Accepted, account, folder.State, time,
            loggers.CreateLogger("QuantumFed.Node.Registry"), cancellation, settings.LedgerAccess?.Confirmations ?? 0);
        // What is missing is said before anything is begun.
        _ = keys.SigningKeyOf((await ledger.InForceAsync(cancellation)).Agreement.Find(self.Id)!.Key);
        using GrpcChannel channel = GrpcChannel.Create(settings.Coordinator, identity, agreement.Coordinator.Id, time: time);
        var connection = new CoordinatorConnection(
            agreement, channel, new ObjectStore(Path.Combine(folder.State, "objects"), flushed: false), time);
        if (settings.Trainer is not null && (agreement.Task.Averaging is null || agreement.Task.Method == TrainingMethod.Scaffold))
            throw new SettingsException(settingsPath, [$"a trainer cannot take part in {agreement.Task.Method.ToString().ToLowerInvariant()}; remove it, or agree on fedavg, fedprox, fedadam or fedyogi"]);
        if (settings.Trainer is null && agreement.Task.Model.Kind == AgreedModelKind.Opaque)
            throw new SettingsException(settingsPath, ["the agreed model is opaque, and only a trainer of its members understands it; name one under 'trainer'"]);
        ILogger logger = loggers.CreateLogger("QuantumFed.Node.Member");
        await using ExternalTrainer? trainer = settings.Trainer is { } program
            ? new ExternalTrainer(program, agreement.Task, dataPath, settings.TrainingSeed, folder.Root, time, logger)
            : null;
        var control = new ControlVariateFile(Path.Combine(folder.State, "control-variate"));
        var work = new MemberTraining(agreement.Task, self.Id, training, trainer, settings.TrainingSeed, control, time, logger);
        using KeyManagerClients keyManagers = KeyManagerClients.ForMember(settingsPath, settings, self, identity, time);
        MemberLink? link = self.Link is { } policy
            ? new MemberLink(agreement, self, policy, keyManagers.Sources[self.Id], keys, ledger, connection, time, logger)
            : null;
        using var service = new MemberService(
            agreement, self.Id, keys, work, control, ledger, connection, link, journal, folder.State, time, logger);
        await service.RunAsync(cancellation);
    }
}
