using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Reads a keystore's JSON. What other programs add beside the definition's members is passed over, as they do; what the definition
/// has must be there, once, and be as it says.
/// </summary>
internal static class KeystoreReader
{
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out Keystore? keystore, [NotNullWhen(false)] out string? failure)
    {
        keystore = null;
        try
        {
            if (json.Length > Keystore.MaxSizeInBytes)
                throw new InvalidDataException($"it has more than {Keystore.MaxSizeInBytes} bytes");
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
            keystore = Read(document.RootElement);
            failure = null;
            return true;
        }
        // GetString throws InvalidOperationException for text that is no Unicode.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            failure = "it is not JSON, or has a member twice";
        }
        catch (InvalidDataException error)
        {
            failure = error.Message;
        }
        return false;
    }

    private static Keystore Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("it is not a JSON object");
        if (Number(root, "version") is not 3 and long version)
            throw new InvalidDataException($"its version is {version}, not 3");
        JsonElement id = Member(root, "id", JsonValueKind.String);
        if (!Guid.TryParse(id.GetString(), out Guid uuid))
            throw new InvalidDataException("its id is not a UUID");
        // Ethers writes the name with a capital.
        JsonElement crypto = Member(root, root.TryGetProperty("Crypto", out _) && !root.TryGetProperty("crypto", out _) ? "Crypto" : "crypto", JsonValueKind.Object);
        if (Text(crypto, "cipher") is not Keystore.Cipher and string cipher)
            throw new InvalidDataException($"its cipher is {Shortened(cipher)}, not {Keystore.Cipher}");
        return new Keystore(
            uuid,
            Address(root),
            Derivation(Text(crypto, "kdf"), Member(crypto, "kdfparams", JsonValueKind.Object)),
            Bytes(Member(crypto, "cipherparams", JsonValueKind.Object), "iv", Keystore.BlockSizeInBytes),
            Bytes(crypto, "ciphertext", Keystore.KeySizeInBytes),
            Bytes(crypto, "mac", Keccak256.SizeInBytes));
    }

    private static EthereumAddress? Address(JsonElement root)
    {
        if (!root.TryGetProperty("address", out JsonElement element) || element.ValueKind == JsonValueKind.Null)
            return null;
        string text = Text(root, "address");
        if (!text.StartsWith("0x", StringComparison.Ordinal))
            text = "0x" + text;
        return EthereumAddress.TryParse(text, out EthereumAddress address)
            ? address
            : throw new InvalidDataException("its address is not 40 hexadecimal digits");
    }

    private static KeyDerivation Derivation(string kdf, JsonElement parameters)
    {
        if (Number(parameters, "dklen") is not KeyDerivation.KeySizeInBytes and long length)
            throw new InvalidDataException($"its dklen is {length}, not {KeyDerivation.KeySizeInBytes}");
        byte[] salt = Bytes(parameters, "salt", null);
        if (salt.Length > KeyDerivation.MaxSaltSizeInBytes)
            throw new InvalidDataException($"its salt has more than {KeyDerivation.MaxSaltSizeInBytes} bytes");
        return kdf switch
        {
            "scrypt" => Scrypt(Number(parameters, "n"), Number(parameters, "r"), Number(parameters, "p"), salt),
            "pbkdf2" => Pbkdf2(Number(parameters, "c"), Text(parameters, "prf"), salt),
            _ => throw new InvalidDataException($"its kdf is {Shortened(kdf)}, neither scrypt nor pbkdf2"),
        };
    }

    private static ScryptDerivation Scrypt(long n, long r, long p, byte[] salt) =>
        ScryptDerivation.Fault(n, r, p) is { } fault ? throw new InvalidDataException($"its {fault}") : new ScryptDerivation(n, r, p, salt);

    private static Pbkdf2Derivation Pbkdf2(long iterations, string prf, byte[] salt)
    {
        if (prf != Pbkdf2Derivation.PseudoRandomFunction)
            throw new InvalidDataException($"its prf is {Shortened(prf)}, not {Pbkdf2Derivation.PseudoRandomFunction}");
        return iterations is >= 1 and <= Pbkdf2Derivation.MaxIterations
            ? new Pbkdf2Derivation(iterations, salt)
            : throw new InvalidDataException($"its c = {iterations} is not 1 to {Pbkdf2Derivation.MaxIterations}");
    }

    private static JsonElement Member(JsonElement parent, string name, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(name, out JsonElement value))
            throw new InvalidDataException($"it has no {name}");
        return value.ValueKind == kind
            ? value
            : throw new InvalidDataException($"its {name} is not {kind switch { JsonValueKind.Object => "an object", JsonValueKind.Number => "a number", _ => "text" }}");
    }

    private static long Number(JsonElement parent, string name) =>
        Member(parent, name, JsonValueKind.Number).TryGetInt64(out long value) ? value : throw new InvalidDataException($"its {name} is not a whole number");

    private static string Text(JsonElement parent, string name) => Member(parent, name, JsonValueKind.String).GetString()!;

    private static byte[] Bytes(JsonElement parent, string name, int? length)
    {
        string text = Text(parent, name);
        try
        {
            byte[] bytes = Convert.FromHexString(text);
            return length is null || bytes.Length == length ? bytes : throw new InvalidDataException($"its {name} has {bytes.Length} bytes, not {length}");
        }
        catch (FormatException)
        {
            throw new InvalidDataException($"its {name} is not hexadecimal");
        }
    }

    private static string Shortened(string text) => text.Length <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? text : "another";
}
