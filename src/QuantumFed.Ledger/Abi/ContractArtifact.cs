using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>A contract as it was compiled: embedded from contracts/artifacts, never compiled or fetched at run time.</summary>
internal sealed class ContractArtifact
{
    private readonly (int Start, int Length)[] _immutables;

    private ContractArtifact(ContractAbi abi, byte[] creationCode, byte[] runtimeCode, (int, int)[] immutables)
    {
        Abi = abi;
        CreationCode = creationCode;
        RuntimeCode = runtimeCode;
        _immutables = immutables;
    }

    /// <summary>Who belongs to a consortium.</summary>
    public static ContractArtifact ConsortiumRegistry { get; } = Load("ConsortiumRegistry");

    /// <summary>The rounds of a federation.</summary>
    public static ContractArtifact RoundLedger { get; } = Load("RoundLedger");

    public ContractAbi Abi { get; }

    public byte[] CreationCode { get; }

    public byte[] RuntimeCode { get; }

    /// <summary>What a transaction that creates the contract carries.</summary>
    public byte[] CreationData(params object[] arguments) => [.. CreationCode, .. Abi.Constructor.EncodeInputs(arguments)];

    /// <summary>Whether the code on the chain is this contract's, whatever values its immutables have.</summary>
    public bool IsRuntimeCode(ReadOnlySpan<byte> code)
    {
        if (code.Length != RuntimeCode.Length)
            return false;
        byte[] masked = code.ToArray();
        foreach ((int start, int length) in _immutables)
            masked.AsSpan(start, length).Clear();
        return masked.AsSpan().SequenceEqual(RuntimeCode);
    }

    private static ContractArtifact Load(string name)
    {
        using Stream resource = typeof(ContractArtifact).Assembly.GetManifestResourceStream($"{name}.json")
            ?? throw new InvalidOperationException($"The contract {name} is not embedded.");
        using JsonDocument json = JsonDocument.Parse(resource);
        JsonElement root = json.RootElement;
        return new ContractArtifact(
            ContractAbi.FromJson(root.GetProperty("abi")),
            Code(root.GetProperty("bytecode")),
            Code(root.GetProperty("deployedBytecode")),
            [.. root.GetProperty("immutableReferences").EnumerateArray()
                .Select(reference => (reference.GetProperty("start").GetInt32(), reference.GetProperty("length").GetInt32()))]);
    }

    private static byte[] Code(JsonElement hex) => Convert.FromHexString(hex.GetString().AsSpan(2));
}
