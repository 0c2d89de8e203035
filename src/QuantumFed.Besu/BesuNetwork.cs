using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu;

/// <summary>A new network: every file of it, with new keys, in memory. Immutable until disposed, which erases the secrets.</summary>
public sealed class BesuNetwork : IDisposable
{
    /// <summary>The container image the network runs, with its version.</summary>
    public const string Image = ComposeFile.Image;

    private readonly ImmutableArray<byte[]> _secrets;

    private BesuNetwork(NetworkPlan plan, QbftValidators validators, ImmutableArray<EthereumAddress> addresses, ImmutableArray<NetworkFile> files, ImmutableArray<byte[]> secrets)
    {
        Plan = plan;
        Validators = validators;
        Addresses = addresses;
        Files = files;
        _secrets = secrets;
    }

    /// <summary>What the network was made from.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>The validators that the genesis block names, ascending.</summary>
    public QbftValidators Validators { get; }

    /// <summary>The validators' addresses, in the order of <see cref="NetworkPlan.Places"/>.</summary>
    public ImmutableArray<EthereumAddress> Addresses { get; }

    /// <summary>The files.</summary>
    public ImmutableArray<NetworkFile> Files { get; }

    /// <summary>The folders that hold nothing yet, for validators' data.</summary>
    public IEnumerable<string> EmptyFolders => Plan.Places.Select(place => place.Name + "/data");

    /// <summary>Makes keys where operators have none of their own, certificates, tokens and files: about 0.3 s for a validator.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static BesuNetwork Create(NetworkPlan plan, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        NodeKey?[] made = [.. plan.Places.Select(place => place.OwnKey is null ? NodeKey.Generate() : null)];
        NodePublicKey[] keys = [.. plan.Places.Select((place, i) => place.OwnKey ?? made[i]!.PublicKey)];
        using RpcAuthority authority = RpcAuthority.Create(plan.ChainId, now);
        var files = new FileList();
        try
        {
            QbftValidators validators = QbftValidators.Create(keys.Select(key => key.Address));
            ImmutableArray<EnodeUrl> enodes = [.. plan.Places.Select((place, i) => keys[i].EnodeAt(place.Host, place.PeerPort))];
            files.Add("genesis.json", GenesisFile.Write(plan.ChainId, validators, plan.Accounts, now));
            files.Add("compose.yaml", ComposeFile.Write(plan));
            files.Add("ca/ca.crt", Encoding.ASCII.GetBytes(authority.CertificatePem));
            files.AddSecret("ca/ca.key", authority.WriteKey());
            for (int i = 0; i < keys.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ValidatorPlace place = plan.Places[i];
                if (made[i] is { } key)
                    files.AddSecret($"{place.Name}/key", key.WriteSecret());
                files.Add($"{place.Name}/key.pub", Encoding.ASCII.GetBytes(keys[i].ToString()));
                files.Add($"{place.Name}/address", Encoding.ASCII.GetBytes(keys[i].Address.ToString()));
                files.Add($"{place.Name}/config.toml", NodeConfiguration.Write(place, plan));
                files.Add($"{place.Name}/static-nodes.json", PeerFiles.StaticNodes(enodes.RemoveAt(i)));
                files.Add($"{place.Name}/permissions_config.toml", PeerFiles.Permissions(enodes, plan.Accounts));
                AddRpc(files, place, plan, authority, now);
            }
            ImmutableArray<EthereumAddress> addresses = [.. keys.Select(key => key.Address)];
            files.Add("README.md", OperationGuide.Write(plan, addresses, now));
            return new BesuNetwork(plan, validators, addresses, files.ToImmutable(), files.Secrets());
        }
        catch
        {
            Erase(files.Secrets());
            throw;
        }
        finally
        {
            foreach (NodeKey? key in made)
                key?.Dispose();
        }
    }

    /// <summary>Erases the files that are secret.</summary>
    public void Dispose() => Erase(_secrets);

    // The private key of tokens stays out of the validator's folder, which its container sees.
    private static void AddRpc(FileList files, ValidatorPlace place, NetworkPlan plan, RpcAuthority authority, DateTimeOffset now)
    {
        // A string, since .NET writes PKCS #12 under no other password; what it protects lies beside it anyway.
        string password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        IEnumerable<IPAddress> addresses = NodeConfiguration.Addresses(place).Select(IPAddress.Parse);
        files.AddSecret($"{place.Name}/rpc/keystore.p12", authority.IssueServer(place.Name, NodeConfiguration.DnsNames(place), addresses, password));
        files.AddSecret($"{place.Name}/rpc/keystore.password", Encoding.ASCII.GetBytes(password));
        using RpcTokenIssuer issuer = new();
        files.Add($"{place.Name}/rpc/jwt-public.pem", Encoding.ASCII.GetBytes(issuer.PublicKeyPem));
        files.AddSecret($"clients/{place.Name}/jwt-private.pem", issuer.WriteKey());
        files.AddSecret($"clients/{place.Name}/client.jwt", issuer.Issue(RpcTokenIssuer.ClientPermissions, now, plan.TokenLifetime));
        files.AddSecret($"clients/{place.Name}/operator.jwt", issuer.Issue(RpcTokenIssuer.OperatorPermissions, now, plan.TokenLifetime));
    }

    private static void Erase(ImmutableArray<byte[]> secrets)
    {
        foreach (byte[] secret in secrets)
            CryptographicOperations.ZeroMemory(secret);
    }

    private sealed class FileList
    {
        private readonly List<NetworkFile> _files = [];
        private readonly List<byte[]> _secrets = [];

        public void Add(string path, byte[] content) => _files.Add(new NetworkFile(path, content, IsSecret: false));

        public void AddSecret(string path, byte[] content)
        {
            _secrets.Add(content);
            _files.Add(new NetworkFile(path, content, IsSecret: true));
        }

        public ImmutableArray<NetworkFile> ToImmutable() => [.. _files];

        public ImmutableArray<byte[]> Secrets() => [.. _secrets];
    }
}
