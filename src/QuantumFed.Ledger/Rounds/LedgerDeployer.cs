using QuantumFed.Protocol;


namespace QuantumFed.Ledger;

/// <summary>Puts a federation's contracts on a chain, and checks that they are what everybody agreed on.</summary>
public static class LedgerDeployer
{
    /// <summary>
    /// Where the contracts of a fresh account will be: the registry is its first transaction's, the rounds are its second's. Known before
    /// there is a chain, so that the consortium can sign it.
    /// </summary>
    public static LedgerDeployment PredictFor(EthereumAddress deployer, ulong chainId) =>
        new(chainId, EthereumAddress.OfContract(deployer, 0), EthereumAddress.OfContract(deployer, 1));

    /// <summary>
    /// Deploys both contracts with an account that sends nothing else, and verifies them. After a crash it goes on where it was; what
    /// is deployed already is only verified.
    /// </summary>
    /// <exception cref="LedgerMismatchException">The account sent something else, or the contracts say something else.</exception>
    /// <exception cref="LedgerRejectedException">The chain refused.</exception>
    /// <exception cref="LedgerUnavailableException">The node gave no usable answer; doing it again is safe.</exception>
    public static async Task<LedgerDeployment> DeployAsync(
        JsonRpcClient client, LedgerAccount deployerAccount, ConsortiumCharter charter, CancellationToken cancellationToken, TransactionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(deployerAccount);
        ArgumentNullException.ThrowIfNull(charter);
        EthereumNode node = new(client);
        ulong chainId = await node.ChainIdAsync(cancellationToken).ConfigureAwait(false);
        LedgerDeployment deployment = PredictFor(deployerAccount.Address, chainId);
        using TransactionSender sender = new(node, deployerAccount, chainId, client.Time, options ?? new TransactionOptions());
        await sender.ResumeAsync(cancellationToken).ConfigureAwait(false);
        byte[][] creations = [charter.RegistryCreationData(), charter.RoundsCreationData(deployment.Registry)];
        ulong done = await node.TransactionCountAsync(deployerAccount.Address, "pending", cancellationToken).ConfigureAwait(false);
        for (ulong i = done; i < (ulong)creations.Length; i++)
            _ = await sender.SendAsync(null, creations[i], cancellationToken).ConfigureAwait(false);
        await VerifyAsync(client, deployment, charter, cancellationToken).ConfigureAwait(false);
        return deployment;
    }

    /// <summary>Checks the chain's id, both contracts' code, and that they hold the charter.</summary>
    /// <exception cref="LedgerMismatchException">Something differs; the message says what.</exception>
    /// <exception cref="LedgerUnavailableException">The node gave no usable answer.</exception>
    public static async Task VerifyAsync(JsonRpcClient client, LedgerDeployment deployment, ConsortiumCharter charter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(charter);
        EthereumNode node = new(client);
        ulong chainId = await node.ChainIdAsync(cancellationToken).ConfigureAwait(false);
        Require(chainId == deployment.ChainId, $"the chain's id is {chainId}, not {deployment.ChainId}");
        Require(
            ContractArtifact.ConsortiumRegistry.IsRuntimeCode(await node.CodeAsync(deployment.Registry, cancellationToken).ConfigureAwait(false)),
            $"the code at {deployment.Registry} is not the registry's");
        Require(
            ContractArtifact.RoundLedger.IsRuntimeCode(await node.CodeAsync(deployment.Rounds, cancellationToken).ConfigureAwait(false)),
            $"the code at {deployment.Rounds} is not the round ledger's");

        using RegistryLedger registry = RegistryLedger.Create(client, deployment, account: null, client.Time);
        RequireFounding(await registry.ReadAsync(cancellationToken).ConfigureAwait(false), charter);
        Task<object> Rounds(string view) => ViewAsync(node, ContractArtifact.RoundLedger.Abi, deployment.Rounds, view, cancellationToken);
        Require(deployment.Registry.Equals(await Rounds("registry").ConfigureAwait(false)), "the rounds belong to another registry");
        Require(charter.InitialModelHash.Equals(await Rounds("initialModelHash").ConfigureAwait(false)), "the rounds begin with another model");
    }

    // The founding set, whatever the members have changed by vote since.
    private static void RequireFounding(RegistryHistory history, ConsortiumCharter charter)
    {
        RegistryState founding = history.Versions[0];
        Require(history.FederationId == charter.FederationId, "the registry is another federation's");
        Require(history.AgreementHash == charter.AgreementHash, "the registry names another agreement");
        Require(history.Rules == charter.Voting, "the registry has other voting rules");
        Require(founding.Parties.Count == charter.Members.Length + 1, "the registry was founded by more or fewer parties");
        Require(IsFounder(founding, charter.Coordinator, PartyRole.Coordinator), "the registry was founded with another coordinator, or other keys of it");
        foreach (CharterParty member in charter.Members)
            Require(IsFounder(founding, member, PartyRole.Member), $"the registry was founded without member {member.Account}, or with other keys of it");
    }

    private static bool IsFounder(RegistryState founding, CharterParty party, PartyRole role) =>
        founding.Find(party.Account) is { } founder && founder.Role == role
        && founder.SigningKeyHash == party.SigningKeyHash && founder.SealingKeyHash == party.SealingKeyHash;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new LedgerMismatchException($"This ledger is not the one that was agreed on: {otherwise}.");
    }

    private static async Task<object> ViewAsync(
        EthereumNode node, ContractAbi abi, EthereumAddress contract, string view, CancellationToken cancellationToken)
    {
        AbiEntry entry = abi.Function(view);
        byte[] answer = await node.CallAsync(null, contract, entry.EncodeCall(), "latest", cancellationToken).ConfigureAwait(false);
        return AbiCodec.TryDecode(entry.Outputs, answer, out object[]? values)
            ? values[0]
            : throw new LedgerUnavailableException($"The node answered {view} of {contract} with something else.");
    }
}
