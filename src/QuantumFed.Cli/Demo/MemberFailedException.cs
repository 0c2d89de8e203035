namespace QuantumFed.Cli;

/// <summary>A member of a demo or a comparison cannot contribute to a round: its data or its trainer is at fault.</summary>
public sealed class MemberFailedException : Exception
{
    /// <summary>The member of that name said this.</summary>
    public MemberFailedException(string member, string message)
        : base($"{member}: {NodeEvent.OneLine(message)}") => Member = member;

    /// <summary>The member.</summary>
    public string Member { get; }
}
