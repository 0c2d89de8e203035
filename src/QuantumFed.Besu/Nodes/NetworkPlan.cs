using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu;

/// <summary>What a network is made from: how many validators, where, for whom. Checked and immutable.</summary>
public sealed class NetworkPlan
{
    /// <summary>The most validators. QBFT's messages grow with their square.</summary>
    public const int MaxValidators = 100;

    /// <summary>The largest chain id (EIP-2294).</summary>
    public const ulong MaxChainId = 9_007_199_254_740_771;

    /// <summary>The chain id, unless an agreement names another.</summary>
    public const ulong DefaultChainId = 20260;

    /// <summary>The longest a token may be valid, in days.</summary>
    public const int MaxTokenDays = 3650;

    private const int FirstPeerPort = 30303, FirstRpcPort = 8545, FirstMetricsPort = 9545;

    // The compose network's own subnet: 172.30.26.0/24, validators from .11 on.
    private const int FirstContainer = 11;

    private NetworkPlan(ImmutableArray<ValidatorPlace> places, bool onOneMachine, ulong chainId, ConsortiumAgreement? agreement, ImmutableArray<EthereumAddress> accounts, TimeSpan tokenLifetime)
    {
        Places = places;
        OnOneMachine = onOneMachine;
        ChainId = chainId;
        Agreement = agreement;
        Accounts = accounts;
        TokenLifetime = tokenLifetime;
    }

    /// <summary>The validators, by number.</summary>
    public ImmutableArray<ValidatorPlace> Places { get; }

    /// <summary>Whether all validators run in one compose network on one machine: a rehearsal, since that machine's failure stops them all.</summary>
    public bool OnOneMachine { get; }

    /// <summary>The chain's id (EIP-155).</summary>
    public ulong ChainId { get; }

    /// <summary>The agreement whose parties use the network, if it is known yet.</summary>
    public ConsortiumAgreement? Agreement { get; }

    /// <summary>Whether the agreement calls its ledger a development chain, which this network is not: its records would say so for good.</summary>
    public bool IsAgreedAsDevelopment => Agreement?.Ledger.DevelopmentChain == true;

    /// <summary>The accounts that may send transactions, ascending and distinct: the agreement's parties and deployer, and others that were named.</summary>
    public ImmutableArray<EthereumAddress> Accounts { get; }

    /// <summary>How long the ready tokens are valid.</summary>
    public TimeSpan TokenLifetime { get; }

    /// <summary>How many validators may fail without stopping the chain: none below four.</summary>
    public int ToleratedFaults => (Places.Length - 1) / 3;

    /// <summary>Checks what was asked for; on <see langword="false"/>, <paramref name="failure"/> says what does not fit.</summary>
    /// <param name="validators">1 to <see cref="MaxValidators"/>.</param>
    /// <param name="hosts">None for one machine; one IPv4 address for all validators, or one for each.</param>
    /// <param name="ownKeys">None, or for each validator the key that its operator made and keeps, or null.</param>
    /// <param name="chainId">Null for the agreement's, or <see cref="DefaultChainId"/> without one.</param>
    /// <param name="agreement">The agreement, or null.</param>
    /// <param name="accounts">Further accounts that may send transactions.</param>
    /// <param name="tokenDays">1 to <see cref="MaxTokenDays"/>.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="failure">What does not fit.</param>
    public static bool TryCreate(
        int validators,
        IReadOnlyList<IPAddress> hosts,
        IReadOnlyList<NodePublicKey?> ownKeys,
        ulong? chainId,
        ConsortiumAgreement? agreement,
        IEnumerable<EthereumAddress> accounts,
        int tokenDays,
        [NotNullWhen(true)] out NetworkPlan? plan,
        [NotNullWhen(false)] out string? failure)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(ownKeys);
        NodePublicKey[] own = [.. ownKeys.OfType<NodePublicKey>()];
        ulong chain = chainId ?? agreement?.Ledger.ChainId ?? DefaultChainId;
        failure =
            validators is < 1 or > MaxValidators ? $"A network has 1 to {MaxValidators} validators, not {validators}."
            : hosts.Count > 1 && hosts.Count != validators ? $"There are {hosts.Count} hosts for {validators} validators; name none, one, or one for each."
            : hosts.FirstOrDefault(host => !IsUsable(host)) is { } unusable ? $"A validator's host is the IPv4 address of a machine, not {unusable}."
            : hosts.Any(IPAddress.IsLoopback) && !hosts.All(IPAddress.IsLoopback) ? "A loopback address cannot be reached from the other hosts."
            : own.Length > 0 && ownKeys.Count != validators ? $"There are {ownKeys.Count} keys for {validators} validators; a validator's own key stands behind its own host."
            : own.Distinct().Count() < own.Length ? "Two validators have the same key."
            : chain is 0 or > MaxChainId ? $"A chain id is 1 to {MaxChainId}, not {chain}."
            : agreement is not null && chain != agreement.Ledger.ChainId ? $"The agreement names chain {agreement.Ledger.ChainId}, not {chain}."
            : agreement is not null && !IsDeployers(agreement.Ledger) ? "The agreement's contracts are not those that its deployer's first two transactions create."
            : tokenDays is < 1 or > MaxTokenDays ? $"Tokens are valid for 1 to {MaxTokenDays} days, not {tokenDays}."
            : null;
        plan = failure is not null ? null : new NetworkPlan(
            PlacesOf(validators, hosts, own.Length > 0 ? ownKeys : null), hosts.Count == 0, chain, agreement, [.. accounts.Concat(PartiesOf(agreement)).Distinct().Order()], TimeSpan.FromDays(tokenDays));
        return plan is not null;
    }

    private static bool IsUsable(IPAddress host) =>
        host.AddressFamily == AddressFamily.InterNetwork && host.GetAddressBytes()[0] is not 0 and < 224;

    private static bool IsDeployers(AgreedLedger ledger)
    {
        LedgerDeployment predicted = LedgerDeployer.PredictFor(ledger.Deployer, ledger.ChainId);
        return predicted.Registry == ledger.Registry && predicted.Rounds == ledger.Rounds;
    }

    private static IEnumerable<EthereumAddress> PartiesOf(ConsortiumAgreement? agreement) =>
        agreement is null ? [] : [agreement.Ledger.Deployer, agreement.Coordinator.Account, .. agreement.Members.Select(member => member.Account)];

    // Ports differ where validators share a machine.
    private static ImmutableArray<ValidatorPlace> PlacesOf(int validators, IReadOnlyList<IPAddress> hosts, IReadOnlyList<NodePublicKey?>? ownKeys)
    {
        List<ValidatorPlace> places = [];
        for (int i = 0; i < validators; i++)
        {
            IPAddress host = hosts.Count switch { 0 => new IPAddress([172, 30, 26, (byte)(FirstContainer + i)]), 1 => hosts[0], _ => hosts[i] };
            int before = hosts.Count == 0 ? i : places.Count(place => place.Host.Equals(host));
            places.Add(new ValidatorPlace(i + 1, host, FirstPeerPort + before, FirstRpcPort + before, FirstMetricsPort + before, ownKeys?[i]));
        }
        return [.. places];
    }
}
