namespace QuantumFed.Cli;

/// <summary>A party's process ended although nobody asked it to.</summary>
public sealed class ChildProcessException : Exception
{
    /// <summary>The process of that name ended so.</summary>
    public ChildProcessException(string name, int processId, int exitCode, string when, string lastWords)
        : base($"The process of '{name}' (pid {processId}) ended {when} with exit code {exitCode}"
            + (exitCode > 128 ? $" (killed by signal {exitCode - 128})" : "")
            + (lastWords.Length == 0 ? "." : $": {lastWords}"))
    {
        Name = name;
        ProcessId = processId;
        ProcessExitCode = exitCode;
    }

    /// <summary>Whose process.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId { get; }

    /// <summary>How it ended.</summary>
    public int ProcessExitCode { get; }
}
