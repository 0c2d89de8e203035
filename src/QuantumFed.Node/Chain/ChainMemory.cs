using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// What a party remembers of the chain across restarts: the genesis block, and the last block that it saw a step of its own in. A chain that
/// lost that block, as a development chain does that is killed, is reported and never acted on.
/// </summary>
internal sealed class ChainMemory(string stateFolder)
{
    private const string GenesisName = "genesis";

    private string GenesisPath => Path.Combine(stateFolder, GenesisName);

    private string LastBlockPath => Path.Combine(stateFolder, "last-block");

    /// <summary>Whether a party with this state has ever been connected to the ledger.</summary>
    public static bool Exists(string stateFolder) => File.Exists(Path.Combine(stateFolder, GenesisName));

    /// <summary>Holds a chain against the memory; the first chain seen is remembered.</summary>
    /// <exception cref="LedgerMismatchException">It is another chain, or has lost the remembered block.</exception>
    public async Task RequireAsync(RoundLedger ledger, CancellationToken cancellation)
    {
        Digest genesis = await ledger.GenesisHashAsync(cancellation);
        if (!File.Exists(GenesisPath))
            DurableFile.Write(GenesisPath, genesis.ToArray());
        else if (!File.ReadAllBytes(GenesisPath).AsSpan().SequenceEqual(genesis.ToArray()))
            throw new LedgerMismatchException("This ledger begins with another block than the one this party saw before: it is another chain.");
        if (!File.Exists(LastBlockPath))
            return;
        var reader = new CanonicalReader(File.ReadAllBytes(LastBlockPath));
        (ulong number, Digest hash) = (reader.UInt64(), reader.Digest());
        if (!reader.Complete)
            throw new InvalidDataException($"{LastBlockPath} is damaged.");
        if (await ledger.BlockHashAsync(number, cancellation) != hash)
            throw new LedgerMismatchException(
                $"The ledger has lost block {number} ({hash}), which holds a step of this party: it was rolled back or rewritten. "
                + "Nothing more is done on it until people have found out why.");
    }

    /// <summary>Remembers a block with a step of this party.</summary>
    public void Remember(ulong number, Digest hash) =>
        DurableFile.Write(LastBlockPath, new CanonicalWriter().UInt64(number).Digest(hash).ToArray());
}
