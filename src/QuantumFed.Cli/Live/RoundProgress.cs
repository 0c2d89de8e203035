using System.Collections.Immutable;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>What is known of one round. Immutable.</summary>
internal sealed record RoundProgress(RoundId Round)
{
    /// <summary>What it is for; empty before it is opened.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>How far it has come.</summary>
    public RoundState State { get; init; }

    /// <summary>How many members' updates are in the sum.</summary>
    public int? Participants { get; init; }

    /// <summary>The model after it.</summary>
    public Digest? Model { get; init; }

    /// <summary>Test accuracy over all hospitals of that model, where it was scored.</summary>
    public double? Accuracy { get; init; }

    /// <summary>From the coordinator's first step to the finalisation on the ledger.</summary>
    public double? Seconds { get; init; }

    /// <summary>From the start of the run to the finalisation.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>What each step took, once the round is over.</summary>
    public ImmutableSortedDictionary<RoundStep, double> StepSeconds { get; init; } = ImmutableSortedDictionary<RoundStep, double>.Empty;

    /// <summary>Bytes by step and kind, of all members together.</summary>
    public ImmutableList<RoundTraffic> Traffic { get; init; } = [];

    /// <summary>Bytes of each member's sealed update, as it told.</summary>
    public ImmutableSortedDictionary<string, long> Uploads { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Whether the coordinator has told all there is to tell.</summary>
    public bool Timed => StepSeconds.Count > 0;

    /// <summary>Bytes of a member's sealed update, the mean over those who uploaded.</summary>
    public double BytesPerMember => Uploads.Count == 0 ? 0 : Uploads.Values.Average();

    /// <summary>Bytes of one kind, all steps together, the mean over this many members.</summary>
    public (double FromMember, double ToMember) MeanBytes(TrafficKind kind, int members) => Mean(Traffic.Where(entry => entry.Kind == kind), members);

    /// <summary>Bytes of one step, all kinds together, the mean over this many members.</summary>
    public (double FromMember, double ToMember) MeanBytes(RoundStep step, int members) => Mean(Traffic.Where(entry => entry.Step == step), members);

    private static (double FromMember, double ToMember) Mean(IEnumerable<RoundTraffic> traffic, int members)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(members);
        RoundTraffic[] entries = [.. traffic];
        return ((double)entries.Sum(entry => entry.ReceivedBytes) / members, (double)entries.Sum(entry => entry.SentBytes) / members);
    }
}
