using System.Globalization;
using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>
/// A type of the contract ABI (Solidity documentation, "Contract ABI Specification"): address, bool, uintN, intN, bytesN, bytes,
/// string, arrays and tuples of these. Fixed-point numbers and function references are left out, as no contract here has them.
/// </summary>
internal sealed class AbiType
{
    private AbiType(AbiKind kind, string name, int size = 0, AbiType? element = null, IReadOnlyList<AbiType>? components = null)
    {
        Kind = kind;
        Name = name;
        Size = size;
        Element = element;
        Components = components ?? [];
        IsDynamic = kind switch
        {
            AbiKind.Bytes or AbiKind.Text or AbiKind.Array => true,
            AbiKind.FixedArray => element!.IsDynamic,
            AbiKind.Tuple => Components.Any(component => component.IsDynamic),
            _ => false,
        };
        HeadWords = IsDynamic ? 1 : kind switch
        {
            AbiKind.FixedArray => size * element!.HeadWords,
            AbiKind.Tuple => Components.Sum(component => component.HeadWords),
            _ => 1,
        };
    }

    public AbiKind Kind { get; }

    /// <summary>The canonical name, of which signatures are made.</summary>
    public string Name { get; }

    /// <summary>Bits of an integer, bytes of a fixed byte string, elements of a fixed array.</summary>
    public int Size { get; }

    public AbiType? Element { get; }

    public IReadOnlyList<AbiType> Components { get; }

    public bool IsDynamic { get; }

    /// <summary>Words of 32 bytes it takes in the head of what contains it.</summary>
    public int HeadWords { get; }

    /// <summary>The tuple of some types: what a function's arguments are.</summary>
    public static AbiType TupleOf(IReadOnlyList<AbiType> components) =>
        new(AbiKind.Tuple, $"({string.Join(',', components.Select(component => component.Name))})", components: components);

    /// <summary>The type of a parameter in an ABI's JSON.</summary>
    /// <exception cref="FormatException">The type is not one of those.</exception>
    public static AbiType FromJson(JsonElement parameter)
    {
        string name = parameter.GetProperty("type").GetString()!;
        return name.StartsWith("tuple", StringComparison.Ordinal)
            ? Arrays(TupleOf([.. parameter.GetProperty("components").EnumerateArray().Select(FromJson)]), name["tuple".Length..])
            : Parse(name);
    }

    /// <summary>Reads a canonical name such as (address[],uint8)[2].</summary>
    /// <exception cref="FormatException">The name is not one of a supported type.</exception>
    public static AbiType Parse(string name)
    {
        if (name.StartsWith('('))
        {
            int close = name.LastIndexOf(')');
            return Arrays(TupleOf([.. SplitTopLevel(name[1..close]).Select(Parse)]), name[(close + 1)..]);
        }
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? Elementary(name) : Arrays(Elementary(name[..bracket]), name[bracket..]);
    }

    private static AbiType Elementary(string name) => name switch
    {
        "address" => new(AbiKind.Address, name),
        "bool" => new(AbiKind.Boolean, name),
        "bytes" => new(AbiKind.Bytes, name),
        "string" => new(AbiKind.Text, name),
        "uint" => new(AbiKind.UnsignedInteger, "uint256", 256),
        _ when Number(name, "uint") is int bits and <= 256 && bits % 8 == 0 => new(AbiKind.UnsignedInteger, name, bits),
        "int" => new(AbiKind.SignedInteger, "int256", 256),
        _ when Number(name, "int") is int bits and <= 256 && bits % 8 == 0 => new(AbiKind.SignedInteger, name, bits),
        _ when Number(name, "bytes") is int bytes and <= 32 => new(AbiKind.FixedBytes, name, bytes),
        _ => throw new FormatException($"'{name}' is not a supported ABI type."),
    };

    private static AbiType Arrays(AbiType element, string brackets)
    {
        while (brackets.Length > 0)
        {
            int close = brackets.IndexOf(']', StringComparison.Ordinal);
            string size = brackets[1..close];
            element = size.Length == 0
                ? new AbiType(AbiKind.Array, element.Name + "[]", element: element)
                : new AbiType(AbiKind.FixedArray, $"{element.Name}[{size}]", int.Parse(size, CultureInfo.InvariantCulture), element);
            brackets = brackets[(close + 1)..];
        }
        // An element without words could stand any number of times in no bytes at all.
        return element.HeadWords > 0 ? element : throw new FormatException($"'{element.Name}' has no size.");
    }

    private static int? Number(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : null;

    private static IEnumerable<string> SplitTopLevel(string list)
    {
        int depth = 0, start = 0;
        for (int i = 0; i < list.Length; i++)
        {
            depth += list[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (list[i] == ',' && depth == 0)
            {
                yield return list[start..i];
                start = i + 1;
            }
        }
        if (list.Length > 0)
            yield return list[start..];
    }
}
