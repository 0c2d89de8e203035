namespace QuantumFed.Trainers;

/// <summary>Which program trains in the member's place.</summary>
/// <param name="Command">The program and its arguments, each an entry of its own. A program with no <c>/</c> is looked for in PATH, one
/// with a relative path in the working folder.</param>
/// <param name="TimeLimitSeconds">How long a request may take, start of the program included.</param>
/// <param name="Environment">Variables set for the program, over those of the member.</param>
public sealed record TrainerSettings(
    IReadOnlyList<string> Command, int TimeLimitSeconds = 3600, IReadOnlyDictionary<string, string>? Environment = null)
{
    /// <summary>The longest time limit: a week.</summary>
    public const int MaxTimeLimitSeconds = 7 * 24 * 3600;

    private const int MaxEntries = 256;
    private const int MaxEntryLength = 4096;

    /// <summary>Everything that is wrong with these settings, a sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Failures()
    {
        List<string> failures = [];
        if (Command is null || Command.Count == 0 || string.IsNullOrWhiteSpace(Command[0]))
            failures.Add("The trainer's command is empty: name the program and its arguments, such as [\"python3\", \"trainer.py\"].");
        else if (Command.Count > MaxEntries || Command.Any(entry => entry is null || entry.Length > MaxEntryLength || entry.Contains('\0')))
        {
            failures.Add($"The trainer's command has more than {MaxEntries} entries, or an entry that is missing, longer than {MaxEntryLength} "
                + "characters or holds a zero character.");
        }
        if (TimeLimitSeconds is < 1 or > MaxTimeLimitSeconds)
            failures.Add($"The trainer's time limit is {TimeLimitSeconds} seconds: 1 to {MaxTimeLimitSeconds} are allowed.");
        foreach ((string name, string value) in Environment ?? new Dictionary<string, string>())
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0') || value is null || value.Contains('\0'))
                failures.Add($"The trainer's environment has a variable that cannot be set: '{ErrorLines.Clean(name, 60)}'.");
        }
        return failures;
    }

    /// <summary>The command as one line, for messages.</summary>
    internal string CommandLine => ErrorLines.Clean(string.Join(' ', Command), 160);
}
