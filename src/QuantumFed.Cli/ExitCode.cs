namespace QuantumFed.Cli;

/// <summary>What a command's exit code means. README.md lists them.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>Something failed that no other code names; the message says what.</summary>
    Failure = 1,

    /// <summary>The command line cannot be understood, or an option does not fit.</summary>
    Usage = 2,

    /// <summary>The system lacks something; the message says how to install it. Also the launcher's code.</summary>
    Prerequisite = 3,

    /// <summary>The audit found something that does not hold.</summary>
    AuditFailed = 4,

    /// <summary>A party's settings, keys or data do not fit.</summary>
    Settings = 5,

    /// <summary>The ledger or the coordinator cannot be reached, refuses, or is not the agreed one.</summary>
    Unreachable = 6,

    /// <summary>A simulated quantum link gave no key; what is printed says why.</summary>
    NoKey = 7,

    /// <summary>Interrupted.</summary>
    Cancelled = 130,
}
