namespace QuantumFed.Learning;

/// <summary>A data set's file cannot be read, and what the operator can do about it.</summary>
public sealed class DatasetUnavailableException : Exception
{
    /// <summary>States which file is missing and what to do.</summary>
    /// <param name="dataset">The data set's name, as on the command line.</param>
    /// <param name="file">The path that could not be read.</param>
    /// <param name="remedy">What the operator can do, in one sentence.</param>
    /// <param name="innerException">The system's reason, where there was one.</param>
    public DatasetUnavailableException(string dataset, string file, string remedy, Exception? innerException = null)
        : base($"The data set '{dataset}' is not available: cannot read {file}. {remedy}", innerException)
    {
        Dataset = dataset;
        File = file;
        Remedy = remedy;
    }

    /// <summary>The data set's name.</summary>
    public string Dataset { get; }

    /// <summary>The path that could not be read.</summary>
    public string File { get; }

    /// <summary>What the operator can do.</summary>
    public string Remedy { get; }
}
