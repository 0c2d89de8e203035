using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The decoded arguments of a call, an event or an error, by name.</summary>
internal sealed class AbiValues(string name, IReadOnlyList<string> names, IReadOnlyList<object> values)
{
    /// <summary>The function's, event's or error's name.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<string> Names { get; } = names;

    public IReadOnlyList<object> Values { get; } = values;

    public T Get<T>(string argument) => TryGet(argument, out object? value)
        ? (T)value!
        : throw new ArgumentException($"{Name} has no argument '{argument}'.", nameof(argument));

    public Digest Hash(string argument) => Get<Digest>(argument);

    public ulong Number(string argument) => Get<ulong>(argument);

    public EthereumAddress Address(string argument) => Get<EthereumAddress>(argument);

    public object[] List(string argument) => Get<object[]>(argument);

    public bool TryGet(string argument, out object? value)
    {
        value = null;
        for (int i = 0; i < Names.Count; i++)
        {
            if (Names[i] == argument)
                value = Values[i];
        }
        return value is not null;
    }

    /// <summary>Whether a hash among the arguments is zero, which is how the contracts say that there is none.</summary>
    public bool HasZeroHash => Values.Any(value => value is Digest { IsZero: true });

    /// <summary>Whether every argument that both name has the same value: an event tells again what its call said.</summary>
    public bool AgreesWith(AbiValues other)
    {
        for (int i = 0; i < Names.Count; i++)
        {
            if (other.TryGet(Names[i], out object? value) && !Same(Values[i], value!))
                return false;
        }
        return true;
    }

    public override string ToString() =>
        $"{Name}({string.Join(", ", Names.Select((argument, i) => $"{argument}: {(Values[i] is object[] list ? $"[{string.Join(", ", list)}]" : Values[i])}"))})";

    private static bool Same(object left, object right) => (left, right) switch
    {
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (object[] a, object[] b) => a.Length == b.Length && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        _ => left.Equals(right),
    };
}
