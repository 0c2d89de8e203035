namespace QuantumFed.Learning;

/// <summary>A data file exists but is not what it should be.</summary>
public sealed class DatasetFormatException : Exception
{
    /// <summary>States what is wrong with which line of which file.</summary>
    /// <param name="file">The file's path, or a name for where the text came from.</param>
    /// <param name="fault">The line and the reason.</param>
    public DatasetFormatException(string file, DatasetFault fault)
        : base($"{file}, line {fault.Line}: {fault.Reason}")
    {
        File = file;
        Fault = fault;
    }

    /// <summary>The file's path, or a name for where the text came from.</summary>
    public string File { get; }

    /// <summary>The line and the reason.</summary>
    public DatasetFault Fault { get; }
}
