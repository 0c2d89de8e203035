namespace QuantumFed.Trainers;

/// <summary>A trainer gave no update; the message is one line that names its command, what happened and what it last said.</summary>
public sealed class TrainerException : Exception
{
    /// <summary>The trainer of that command did this.</summary>
    public TrainerException(string command, string message, Exception? inner = null)
        : base(message, inner) => Command = command;

    /// <summary>The trainer's command line.</summary>
    public string Command { get; }
}
