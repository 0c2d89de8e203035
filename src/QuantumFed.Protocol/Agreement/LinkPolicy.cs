using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace QuantumFed.Protocol;

/// <summary>
/// What the founders agreed for a member's quantum link to the coordinator: what happens when the link gives no key. Its text has one form
/// only ("require", "wait 30 s", "allow-pq-only"), because its hash is in the context of every payload. Immutable.
/// </summary>
public sealed record LinkPolicy
{
    /// <summary>The text that stands for having no quantum link at all.</summary>
    public const string NoLink = "pq-only";

    private const string RequireText = "require", AllowText = "allow-pq-only", WaitPrefix = "wait ", WaitSuffix = " s";

    private LinkPolicy(LinkPolicyKind kind, TimeSpan waitTime)
    {
        Kind = kind;
        WaitTime = waitTime;
    }

    /// <summary>The shortest wait: a second.</summary>
    public static TimeSpan MinWaitTime { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait: an hour.</summary>
    public static TimeSpan MaxWaitTime { get; } = TimeSpan.FromHours(1);

    /// <summary>Without a quantum key, nothing is sent. The usual policy.</summary>
    public static LinkPolicy Require { get; } = new(LinkPolicyKind.Require, TimeSpan.Zero);

    /// <summary>Without a quantum key, ML-KEM alone seals, and the record says so.</summary>
    public static LinkPolicy AllowPostQuantumOnly { get; } = new(LinkPolicyKind.AllowPostQuantumOnly, TimeSpan.Zero);

    /// <summary>The kind.</summary>
    public LinkPolicyKind Kind { get; }

    /// <summary>How long a key is waited for; zero for the kinds that do not wait.</summary>
    public TimeSpan WaitTime { get; }

    /// <summary>A quantum key is waited for; after that time nothing is sent.</summary>
    /// <param name="time">1 second to 1 hour, whole seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of range or has a fraction of a second.</exception>
    public static LinkPolicy Wait(TimeSpan time) =>
        time >= MinWaitTime && time <= MaxWaitTime && time.Ticks % TimeSpan.TicksPerSecond == 0
            ? new LinkPolicy(LinkPolicyKind.Wait, time)
            : throw new ArgumentOutOfRangeException(nameof(time), time, "A link policy waits 1 to 3600 whole seconds.");

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">The text is no policy, or not in its one form.</exception>
    public static LinkPolicy Parse(string text) =>
        TryParse(text, out LinkPolicy? policy)
            ? policy
            : throw new FormatException($"'{text}' is no link policy: require, wait N s (N = 1 to 3600), or allow-pq-only");

    /// <summary>Reads the text; <see langword="false"/> if it is no policy, or not in its one form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LinkPolicy? policy)
    {
        policy = text switch
        {
            RequireText => Require,
            AllowText => AllowPostQuantumOnly,
            not null when text.Length > WaitPrefix.Length + WaitSuffix.Length
                && int.TryParse(text.AsSpan(WaitPrefix.Length..^WaitSuffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
                && seconds is >= 1 and <= 3600 => new LinkPolicy(LinkPolicyKind.Wait, TimeSpan.FromSeconds(seconds)),
            _ => null,
        };
        // Leading zeros and other words around the number end here.
        if (policy?.ToString() != text)
            policy = null;
        return policy is not null;
    }

    /// <summary>The text, in its one form.</summary>
    public override string ToString() => Kind switch
    {
        LinkPolicyKind.Require => RequireText,
        LinkPolicyKind.AllowPostQuantumOnly => AllowText,
        _ => string.Create(CultureInfo.InvariantCulture, $"{WaitPrefix}{(long)WaitTime.TotalSeconds}{WaitSuffix}"),
    };
}
