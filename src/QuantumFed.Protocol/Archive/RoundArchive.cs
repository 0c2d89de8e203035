using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace QuantumFed.Protocol;

/// <summary>
/// The folder a regulator is given: objects by digest, an index for each finished round, and the list of the chain's block evidence.
/// One writer (the coordinator), any number of readers. Everything written is on disk when the method returns.
/// </summary>
public sealed class RoundArchive
{
    private const string FinalizationLabel = "finalization";
    private const string AttestationPrefix = "attestation/";
    private const string BlocksLabel = "blocks";
    private readonly string _folder;

    /// <summary>Uses the folder, which is made when something is first written.</summary>
    public RoundArchive(string folder)
    {
        _folder = folder;
        Objects = new ObjectStore(Path.Combine(folder, "objects"));
    }

    /// <summary>The objects.</summary>
    public ObjectStore Objects { get; }

    /// <summary>The file that lists the chain's block evidence.</summary>
    public string ChainIndexPath => Path.Combine(_folder, "chain.index");

    /// <summary>The index file of a round.</summary>
    public string RoundIndexPath(RoundId round) =>
        Path.Combine(_folder, "rounds", string.Create(CultureInfo.InvariantCulture, $"{round.Value:D6}.index"));

    /// <summary>The rounds that have an index, ascending; files of other names are none.</summary>
    public IEnumerable<RoundId> Rounds()
    {
        string folder = Path.Combine(_folder, "rounds");
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.index")
            .Select(path => ulong.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out ulong round)
                ? new RoundId(round)
                : (RoundId?)null)
            .OfType<RoundId>().Order();
    }

    /// <summary>Records a finished round.</summary>
    public void Write(RoundIndex index)
    {
        IEnumerable<string> lines = index.Attestations.OrderBy(pair => pair.Key)
            .Select(pair => $"{AttestationPrefix}{pair.Key} {pair.Value}")
            .Prepend($"{FinalizationLabel} {index.Finalization}");
        WriteLines(RoundIndexPath(index.Round), lines);
    }

    /// <summary>Reads a finished round's index; <see langword="false"/> if it is missing or damaged.</summary>
    public bool TryReadRound(RoundId round, [NotNullWhen(true)] out RoundIndex? index)
    {
        index = null;
        string path = RoundIndexPath(round);
        if (!File.Exists(path))
            return false;
        Digest? finalization = null;
        var attestations = new SortedDictionary<MemberId, Digest>();
        foreach (string line in File.ReadLines(path))
        {
            string[] parts = line.Split(' ');
            if (parts.Length != 2 || !Digest.TryParse(parts[1], out Digest digest))
                return false;
            if (parts[0] == FinalizationLabel && finalization is null)
                finalization = digest;
            else if (!parts[0].StartsWith(AttestationPrefix, StringComparison.Ordinal)
                || !MemberId.TryParse(parts[0][AttestationPrefix.Length..], out MemberId member) || !attestations.TryAdd(member, digest))
                return false;
        }
        index = finalization is { } found ? new RoundIndex(round, found, attestations) : null;
        return index is not null;
    }

    /// <summary>Records the chain's block evidence, from the genesis block on; their number comes first, so that a list cut short is known.</summary>
    public void WriteChain(IReadOnlyList<Digest> blocks) => WriteLines(
        ChainIndexPath, blocks.Select(block => block.ToString()).Prepend(string.Create(CultureInfo.InvariantCulture, $"{BlocksLabel} {blocks.Count}")));

    /// <summary>Reads the list of block evidence; <see langword="false"/> if it is missing or damaged.</summary>
    public bool TryReadChain([NotNullWhen(true)] out IReadOnlyList<Digest>? blocks)
    {
        blocks = null;
        if (!File.Exists(ChainIndexPath))
            return false;
        string[] lines = File.ReadAllLines(ChainIndexPath);
        if (lines.Length == 0 || lines[0] != string.Create(CultureInfo.InvariantCulture, $"{BlocksLabel} {lines.Length - 1}"))
            return false;
        var read = new List<Digest>();
        foreach (string line in lines[1..])
        {
            if (!Digest.TryParse(line, out Digest digest))
                return false;
            read.Add(digest);
        }
        blocks = read;
        return true;
    }

    private static void WriteLines(string path, IEnumerable<string> lines) =>
        DurableFile.Write(path, System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
}
