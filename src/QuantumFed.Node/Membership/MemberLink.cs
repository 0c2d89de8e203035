using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// A member's end of its quantum link: a key for each upload, and where there is none what the policy says, told to the ledger and the coordinator
/// before anything else happens. Once it has reported in a round it stays by that.
/// </summary>
internal sealed partial class MemberLink(
    ConsortiumAgreement agreement, AgreedMember self, LinkPolicy policy, IQuantumKeySource source, PartyKeys keys, LedgerGateway ledger,
    CoordinatorConnection coordinator, TimeProvider time, ILogger logger)
{
    private (RoundId Round, int Keys) _taken;

    /// <summary>What this round's update is sealed with: a key, or null for ML-KEM alone; <see langword="false"/> if it is withheld.</summary>
    /// <param name="context">The round.</param>
    /// <param name="recorded">The round on the ledger.</param>
    /// <param name="files">The round's files.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<(bool MaySend, QuantumKey? Key)> PrepareAsync(
        RoundContext context, RecordedRound recorded, MemberRoundFiles files, CancellationToken cancellation)
    {
        SignedMessage? report = files.ReadLinkReport();
        if (report is null)
        {
            await Task.Delay(ResealPace.After(KeysOf(context.Plan.Round)), time, cancellation);
            PayloadKeyChoice choice = await QuantumKeyPolicy.ChooseAsync(policy, source, agreement.Coordinator.Id, time, cancellation);
            if (choice is PayloadKeyChoice.Quantum { Key: var key })
            {
                _taken = (context.Plan.Round, KeysOf(context.Plan.Round) + 1);
                Log.QuantumKeyObtained(logger, context.Plan.Round, key.Id);
                return (true, key);
            }
            report = SignedMessage.Sign(ReportOf(context.PlanDigest, choice), self.Id, keys.SigningKeyOf(context.Agreement.Find(self.Id)!.Key));
            files.WriteLinkReport(report);
        }
        if (!report.TryReadUnverified(out LinkReport? said))
            throw new InvalidDataException("This member's own report on its quantum link cannot be read.");
        await HandInAsync(context.Plan.Round, recorded, report, said, cancellation);
        return (said.Outcome == LinkOutcome.Downgraded, null);
    }

    private int KeysOf(RoundId round) => _taken.Round == round ? _taken.Keys : 0;

    private async Task HandInAsync(RoundId round, RecordedRound recorded, SignedMessage message, LinkReport report, CancellationToken cancellation)
    {
        if (!recorded.LinkReports.ContainsKey(self.Id))
        {
            Digest transaction = await ledger.ReportLinkAsync(round, report.Outcome, message, cancellation);
            string said = report.Detail.Length == 0 ? "" : $"\"{report.Detail}\". ";
            Log.LinkReported(logger, round, report.Outcome, report.Failure, said, transaction);
        }
        await coordinator.SubmitAsync(message, cancellation);
    }

    private static LinkReport ReportOf(Digest plan, PayloadKeyChoice choice) => choice switch
    {
        PayloadKeyChoice.Downgraded none => ReportOf(plan, LinkOutcome.Downgraded, none.Failure, none.StoredKeyCount, none.KeyManagerMessage),
        PayloadKeyChoice.Withheld none => ReportOf(plan, LinkOutcome.Withheld, none.Failure, none.StoredKeyCount, none.KeyManagerMessage),
        _ => throw new ArgumentOutOfRangeException(nameof(choice)),
    };

    private static LinkReport ReportOf(Digest plan, LinkOutcome outcome, LinkFailure failure, long? stored, string detail) => new(
        plan, outcome, failure, stored is { } count ? (uint)Math.Clamp(count, 0, uint.MaxValue) : null, LinkReport.PrintableDetail(detail));

    private static partial class Log
    {
        [LoggerMessage(2020, LogLevel.Information, "Round {Round}: the update is sealed with key {Key} of the quantum link and ML-KEM.")]
        public static partial void QuantumKeyObtained(ILogger logger, RoundId round, QuantumKeyId key);

        [LoggerMessage(2021, LogLevel.Warning, "Round {Round}: {Outcome}, because the quantum link gave no key ({Failure}). {Detail}It stands on the ledger, transaction {Transaction}.")]
        public static partial void LinkReported(
            ILogger logger, RoundId round, LinkOutcome outcome, LinkFailure failure, string detail, Digest transaction);
    }
}
