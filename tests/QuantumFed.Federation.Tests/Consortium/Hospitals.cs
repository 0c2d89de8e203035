using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A consortium in memory: the agreement, everybody's keys, data and journal. No socket, no chain, no clock.</summary>
internal sealed class Hospitals : IDisposable
{
    private static readonly string[] Names = ["east", "north", "south", "west", "xavier", "york", "zurich"];
    private readonly Dictionary<MemberId, SigningKey> _keys = [];
    private readonly Dictionary<MemberId, Dataset> _data = [];
    private readonly Dictionary<MemberId, MemoryJournal> _journals = [];

    public Hospitals(int members = 4, int features = 3, Standardise standardise = Standardise.Federated, int colluders = 0, int rounds = 4, LearningTask? task = null,
        int? threshold = null, Func<MemberId, LinkPolicy?>? link = null)
    {
        Requires.PostQuantum();
        features = task?.Features.Count ?? features;
        CoordinatorKey = SigningKey.Generate();
        MemberId[] ids = [.. Enumerable.Range(0, members).Select(i => MemberId.Parse(i < Names.Length ? Names[i] : $"zz-{i:D3}"))];
        for (int i = 0; i < members; i++)
        {
            _keys.Add(ids[i], SigningKey.Generate());
            _data.Add(ids[i], Cohort(features, rows: 25 + 5 * i, seed: 100 + i));
            _journals.Add(ids[i], new MemoryJournal());
        }
        Agreement = AgreementFile.Create(
            new FederationId(Digest.Of("federation"u8)), new AgreedLedger(31337, Account(0xf1), Account(0xf2), Account(0xf3), true, VotingRules.Default),
            new AgreedCoordinator(MemberId.Parse("coordinator"), Account(0xf0), CoordinatorKey.VerificationKey, new byte[1184]),
            ids.Select((id, i) => new AgreedMember(id, Account((byte)(i + 1)), _keys[id].VerificationKey, link?.Invoke(id))),
            threshold: threshold ?? (members + (members - 1) / 3) / 2 + 1, minParticipants: 3 + colluders, toleratedColluders: colluders,
            task ?? Tasks.Newton(features, standardise, rounds),
            TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30));
    }

    public ConsortiumAgreement Agreement { get; }

    public SigningKey CoordinatorKey { get; }

    public MemoryObjects Objects { get; } = new();

    public ModelState InitialModel => RoundTask.InitialModel(Agreement.Task);

    public IEnumerable<MemberId> Members => Agreement.Members.Select(member => member.Id);

    public MemberId this[int index] => Agreement.Members[index].Id;

    public SigningKey KeyOf(MemberId member) => _keys[member];

    public Dataset DataOf(MemberId member) => _data[member];

    public MemoryJournal JournalOf(MemberId member) => _journals[member];

    /// <summary>All members' rows in one table: what the federation never has.</summary>
    public Dataset Pooled => Dataset.Create(
        Tasks.FeatureNames(Agreement.Task.Features.Count),
        [.. Members.SelectMany(member => _data[member].Values.ToArray())], [.. Members.SelectMany(member => _data[member].Labels.ToArray())]);

    public void Dispose()
    {
        CoordinatorKey.Dispose();
        foreach (SigningKey key in _keys.Values)
            key.Dispose();
    }

    private static EthereumAddress Account(byte last) => new([.. new byte[19], last]);

    private static Dataset Cohort(int features, int rows, int seed)
    {
        var random = new Random(seed);
        double[] values = new double[rows * features];
        byte[] labels = new byte[rows];
        for (int row = 0; row < rows; row++)
        {
            double score = -0.3;
            for (int j = 0; j < features; j++)
            {
                // Each hospital's patients lie elsewhere, so that no hospital's own standardisation is the joint one.
                double value = (seed % 7) + (j + 1) * (random.NextDouble() + random.NextDouble() - 1);
                values[row * features + j] = value;
                score += (j % 2 == 0 ? 0.8 : -0.5) * value / (j + 1);
            }
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-score)) ? (byte)1 : (byte)0;
        }
        return Dataset.Create(Tasks.FeatureNames(features), values, labels);
    }
}
