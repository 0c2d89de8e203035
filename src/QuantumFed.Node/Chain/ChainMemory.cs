using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// What a party remembers of the chain across restarts: the genesis block, and the last block that it saw a step of its own in. While it runs, every
/// poll compares with all it saw. A chain that lost something, as a development chain does that is killed, is reported and never acted on.
/// </summary>
internal sealed class ChainMemory
{
    private const string GenesisName = "genesis";

    private readonly string _folder;
    private readonly ChainWatch _watch;

    private ChainMemory(string folder, ChainWatch watch) => (_folder, _watch) = (folder, watch);

    private string GenesisPath => Path.Combine(_folder, GenesisName);

    private string LastBlockPath => Path.Combine(_folder, "last-block");

    /// <summary>Whether a party with this state has ever been connected to the ledger.</summary>
    public static bool Exists(string stateFolder) => File.Exists(Path.Combine(stateFolder, GenesisName));

    /// <summary>The memory in a party's state folder, of the chain with an id, of which so many of the newest blocks may be replaced.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static ChainMemory Open(string stateFolder, JsonRpcClient client, ulong chainId, int confirmations)
    {
        Digest? genesis = null;
        if (Exists(stateFolder))
        {
            string path = Path.Combine(stateFolder, GenesisName);
            var pinned = new CanonicalReader(File.ReadAllBytes(path));
            genesis = pinned.Digest();
            if (!pinned.Complete)
                throw new InvalidDataException($"{path} is damaged.");
        }
        var memory = new ChainMemory(stateFolder, ChainWatch.Create(client, chainId, genesis, confirmations));
        if (!File.Exists(memory.LastBlockPath))
            return memory;
        var reader = new CanonicalReader(File.ReadAllBytes(memory.LastBlockPath));
        var last = new ChainMark(reader.UInt64(), reader.Digest());
        if (!reader.Complete)
            throw new InvalidDataException($"{memory.LastBlockPath} is damaged.");
        memory._watch.Remember(last);
        return memory;
    }

    /// <summary>Holds the chain against the memory, and tells what it found; the first chain seen is remembered.</summary>
    /// <exception cref="LedgerMismatchException">It is another chain, or has lost or rewritten what was seen of it.</exception>
    /// <exception cref="LedgerUnavailableException">The node gave no usable answer.</exception>
    public async Task<ChainView> PollAsync(CancellationToken cancellation)
    {
        ChainView view = await _watch.PollAsync(cancellation);
        if (!File.Exists(GenesisPath))
            DurableFile.Write(GenesisPath, view.Genesis.ToArray());
        return view;
    }

    /// <summary>Remembers a step of this party.</summary>
    public void Remember(LedgerReceipt receipt, string step)
    {
        _watch.Remember(receipt, step);
        DurableFile.Write(LastBlockPath, new CanonicalWriter().UInt64(receipt.BlockNumber).Digest(receipt.BlockHash).ToArray());
    }
}
