using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A function, event, error or constructor of a contract.</summary>
internal sealed class AbiEntry
{
    private readonly string[] _names;
    private readonly bool[] _indexed;
    private readonly AbiType _inputs;
    private readonly AbiType _data;

    private AbiEntry(string name, string[] names, bool[] indexed, AbiType inputs, AbiType outputs)
    {
        Name = name;
        Outputs = outputs;
        _names = names;
        _indexed = indexed;
        _inputs = inputs;
        _data = AbiType.TupleOf([.. inputs.Components.Where((_, i) => !indexed[i])]);
        Topic = Keccak256.DigestOf(Encoding.ASCII.GetBytes(name + inputs.Name));
        Selector = SelectorOf(Topic.ToArray());
    }

    public string Name { get; }

    public AbiType Outputs { get; }

    /// <summary>The Keccak-256 of name and types: an event's first topic.</summary>
    public Digest Topic { get; }

    /// <summary>The first four bytes of <see cref="Topic"/>: how functions and errors are told apart.</summary>
    public uint Selector { get; }

    public static uint SelectorOf(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt32BigEndian(data);

    public static AbiEntry FromJson(string name, JsonElement json)
    {
        JsonElement[] inputs = [.. json.GetProperty("inputs").EnumerateArray()];
        return new AbiEntry(
            name,
            [.. inputs.Select(input => input.GetProperty("name").GetString()!)],
            [.. inputs.Select(input => input.TryGetProperty("indexed", out JsonElement indexed) && indexed.GetBoolean())],
            AbiType.TupleOf([.. inputs.Select(AbiType.FromJson)]),
            AbiType.TupleOf(json.TryGetProperty("outputs", out JsonElement outputs) ? [.. outputs.EnumerateArray().Select(AbiType.FromJson)] : []));
    }

    /// <summary>Selector and arguments.</summary>
    public byte[] EncodeCall(params object[] arguments)
    {
        byte[] encoded = AbiCodec.Encode(_inputs, arguments);
        byte[] call = new byte[4 + encoded.Length];
        BinaryPrimitives.WriteUInt32BigEndian(call, Selector);
        encoded.CopyTo(call, 4);
        return call;
    }

    /// <summary>The arguments alone, as they follow creation code.</summary>
    public byte[] EncodeInputs(params object[] arguments) => AbiCodec.Encode(_inputs, arguments);

    public bool TryDecodeInputs(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AbiValues? values)
    {
        values = AbiCodec.TryDecode(_inputs, data, out object[]? decoded) ? new AbiValues(Name, _names, decoded) : null;
        return values is not null;
    }

    public bool TryDecodeEvent(IReadOnlyList<Digest> topics, ReadOnlySpan<byte> data, [NotNullWhen(true)] out AbiValues? values)
    {
        values = null;
        if (topics.Count != 1 + _indexed.Count(indexed => indexed) || topics[0] != Topic || !AbiCodec.TryDecode(_data, data, out object[]? plain))
            return false;
        object[] all = new object[_names.Length];
        int topic = 1, next = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (!_indexed[i])
                all[i] = plain[next++];
            else if (AbiCodec.TryDecodeWord(_inputs.Components[i], topics[topic++].ToArray(), out object? value))
                all[i] = value;
            else
                return false;
        }
        values = new AbiValues(Name, _names, all);
        return true;
    }
}
