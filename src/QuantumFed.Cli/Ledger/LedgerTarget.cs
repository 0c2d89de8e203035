using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The ledger that a command is about, open for reading, and the party that acts on it, if one was named.</summary>
internal sealed class LedgerTarget : IDisposable
{
    private LedgerTarget(ConsortiumAgreement agreement, JsonRpcClient client, PartyFolder? party, int confirmations)
    {
        (Agreement, Client, Party, Confirmations) = (agreement, client, party, confirmations);
        Deployment = RecordedRounds.DeploymentOf(agreement);
        Parties = new PartyDirectory(agreement);
        Rounds = RoundLedger.Create(client, Deployment, account: null, TimeProvider.System);
        Registry = RegistryLedger.Create(client, Deployment, account: null, TimeProvider.System);
    }

    public ConsortiumAgreement Agreement { get; }

    public JsonRpcClient Client { get; }

    public LedgerDeployment Deployment { get; }

    /// <summary>The parties' names.</summary>
    public PartyDirectory Parties { get; }

    /// <summary>The rounds, to read.</summary>
    public RoundLedger Rounds { get; }

    /// <summary>The registry, to read.</summary>
    public RegistryLedger Registry { get; }

    /// <summary>The folder of the party that acts, if one was named.</summary>
    public PartyFolder? Party { get; }

    /// <summary>How many blocks must follow one before it counts.</summary>
    public int Confirmations { get; }

    /// <summary>How the party's transactions are sent.</summary>
    public TransactionOptions Sending(TransactionJournal journal) => new() { Journal = journal, Confirmations = Confirmations };

    /// <summary>Opens a ledger without asking it anything.</summary>
    public static LedgerTarget Open(ConsortiumAgreement agreement, RpcEndpoint rpc, PartyFolder? party, int confirmations) =>
        new(agreement, JsonRpcClient.Create(rpc, TimeProvider.System), party, confirmations);

    /// <summary>Checks that this is the ledger the consortium agreed on: chain, contracts' code, founding set.</summary>
    /// <exception cref="LedgerMismatchException">It is not.</exception>
    public Task VerifyAsync(CancellationToken cancellation) =>
        LedgerDeployer.VerifyAsync(Client, Deployment, LedgerCharter.Of(Agreement), cancellation);

    /// <summary>The account of the party that acts.</summary>
    /// <exception cref="UsageException">No party was named.</exception>
    public LedgerAccount OpenAccount() => RequireParty().ReadAccount(agreed: null);

    /// <summary>The folder of the party that acts.</summary>
    /// <exception cref="UsageException">No party was named.</exception>
    public PartyFolder RequireParty() => Party ?? throw new UsageException("This needs an account to act with: name your party's settings with --settings FILE.");

    public void Dispose()
    {
        Rounds.Dispose();
        Registry.Dispose();
        Client.Dispose();
    }
}
