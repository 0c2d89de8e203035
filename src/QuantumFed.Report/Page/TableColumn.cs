namespace QuantumFed.Report;

/// <summary>A column of a table on the page.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Style">
/// The class of its cells: empty for text, <c>n</c> for numbers, <c>wide</c> for sentences, <c>parts</c> for names that may break after an underscore, <c>code</c> for hashes.
/// </param>
internal sealed record TableColumn(string Header, string Style = "")
{
    public const string PartsStyle = "parts";

    public static TableColumn Number(string header) => new(header, "n");

    public static TableColumn Wide(string header) => new(header, "wide");

    public static TableColumn Parts(string header) => new(header, PartsStyle);

    public static TableColumn Code(string header) => new(header, "code");
}
