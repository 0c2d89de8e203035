using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A contract's interface, read from its ABI's JSON: how to call it, and how to read its events and errors.</summary>
internal sealed class ContractAbi
{
    private readonly Dictionary<string, AbiEntry> _functions = [];
    private readonly Dictionary<uint, AbiEntry> _functionsBySelector = [];
    private readonly Dictionary<Digest, AbiEntry> _eventsByTopic = [];
    private readonly Dictionary<uint, AbiEntry> _errorsBySelector = [];

    private ContractAbi(AbiEntry constructor) => Constructor = constructor;

    /// <summary>The constructor's parameters.</summary>
    public AbiEntry Constructor { get; }

    /// <summary>Every custom error's name.</summary>
    public IEnumerable<string> ErrorNames => _errorsBySelector.Values.Select(error => error.Name);

    public static ContractAbi FromJson(JsonElement entries)
    {
        ContractAbi abi = new(entries.EnumerateArray()
            .Where(entry => entry.GetProperty("type").GetString() == "constructor")
            .Select(entry => AbiEntry.FromJson("constructor", entry))
            .Single());
        foreach (JsonElement json in entries.EnumerateArray())
        {
            string kind = json.GetProperty("type").GetString()!;
            if (kind is not ("function" or "event" or "error"))
                continue;
            AbiEntry entry = AbiEntry.FromJson(json.GetProperty("name").GetString()!, json);
            switch (kind)
            {
                case "function":
                    _ = abi._functions.TryAdd(entry.Name, entry);
                    abi._functionsBySelector.Add(entry.Selector, entry);
                    break;
                case "event":
                    abi._eventsByTopic.Add(entry.Topic, entry);
                    break;
                default:
                    abi._errorsBySelector.Add(entry.Selector, entry);
                    break;
            }
        }
        return abi;
    }

    /// <summary>The function of a name.</summary>
    public AbiEntry Function(string name) => _functions[name];

    /// <summary>The event of a name.</summary>
    public AbiEntry Event(string name) => _eventsByTopic.Values.Single(entry => entry.Name == name);

    /// <summary>Reads calldata; <see langword="false"/> if it calls no function of the contract.</summary>
    public bool TryDecodeCall(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AbiValues? call)
    {
        call = null;
        return data.Length >= 4 && _functionsBySelector.TryGetValue(AbiEntry.SelectorOf(data), out AbiEntry? function)
            && function.TryDecodeInputs(data[4..], out call);
    }

    /// <summary>Reads an event; <see langword="false"/> if the log is none of the contract's.</summary>
    public bool TryDecodeEvent(IReadOnlyList<Digest> topics, ReadOnlySpan<byte> data, [NotNullWhen(true)] out AbiValues? values)
    {
        values = null;
        return topics.Count > 0 && _eventsByTopic.TryGetValue(topics[0], out AbiEntry? entry) && entry.TryDecodeEvent(topics, data, out values);
    }

    /// <summary>Reads a custom error; <see langword="false"/> if the data is none of the contract's.</summary>
    public bool TryDecodeError(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AbiValues? error)
    {
        error = null;
        return data.Length >= 4 && _errorsBySelector.TryGetValue(AbiEntry.SelectorOf(data), out AbiEntry? entry)
            && entry.TryDecodeInputs(data[4..], out error);
    }
}
