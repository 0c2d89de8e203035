using QuantumFed.Audit;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Report;

namespace QuantumFed.Cli;

/// <summary>Shows a demo as it goes: to people as lines, to people at a terminal as a view that is drawn again, to programs as JSON lines.</summary>
internal interface IRunView : IAsyncDisposable
{
    /// <summary>Something about the data that a reader should know.</summary>
    void Warn(string warning);

    /// <summary>What the demo itself is at, where it takes a while.</summary>
    void Tell(string text);

    /// <summary>The workspace is founded; the parties start next.</summary>
    void Begin(CohortData data, WorkspaceLayout layout, ConsortiumAgreement agreement, RunProgress now);

    /// <summary>A party's process was started.</summary>
    void PartyStarted(string party, int processId);

    /// <summary>A party told something.</summary>
    void Show(string party, NodeEvent entry, RunProgress now);

    /// <summary>All rounds are done, and the network stays up until it is interrupted.</summary>
    void Keep();

    /// <summary>The audit has looked at a round.</summary>
    void Audited(RoundVerdict verdict);

    /// <summary>Nothing more is to come before the result.</summary>
    Task CloseAsync();

    /// <summary>The result.</summary>
    void Finish(RunReport report, AuditReport audit, WorkspaceLayout layout, TimeSpan elapsed, ExitCode code);

    /// <summary>It ended before its result; people read the same on standard error.</summary>
    void Fail(ExitCode code, string message);
}
