namespace QuantumFed.Architecture.Tests;

/// <summary>What a run of the launcher came to.</summary>
internal sealed record LauncherResult(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
