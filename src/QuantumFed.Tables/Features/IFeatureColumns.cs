namespace QuantumFed.Tables;

/// <summary>The columns of a table that a model needs, and how a record of them becomes features.</summary>
internal interface IFeatureColumns
{
    /// <summary>The number of features.</summary>
    int FeatureCount { get; }

    /// <summary>Writes one record's features.</summary>
    /// <returns><see langword="false"/> where the record cannot be used; it was noted.</returns>
    bool TryRead(CsvTableReader record, Span<double> features);

    /// <summary>What was odd about cells so far, bounded in number.</summary>
    IEnumerable<string> Notes();
}
