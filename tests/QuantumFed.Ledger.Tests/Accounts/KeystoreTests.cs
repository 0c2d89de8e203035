using System.Text;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger.Tests;

public sealed class KeystoreTests
{
    private const string Kept = "crypto.";

    // A scrypt that costs nothing, so that the tests do not either.
    private static readonly KeyDerivation Cheap = new ScryptDerivation(2, 8, 1, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void A_sealed_key_opens_with_its_password_and_no_other()
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        using LedgerAccount account = LedgerAccount.Import(key);
        using AccountPassword right = AccountPassword.Import("right"u8), wrong = AccountPassword.Import("wrong"u8);
        foreach (KeyDerivation derivation in new[] { Cheap, KeyDerivation.ForRandomPassword(), KeyDerivation.ForChosenPassword() })
        {
            Keystore read = Parsed(Keystore.Seal(key, account.Address, right, derivation).ToArray());
            Assert.Equal(account.Address, read.Address);
            Assert.Equal(derivation.Name, read.Derivation.Name);
            byte[] opened = new byte[32];
            Assert.False(read.TryOpen(wrong, opened));
            Assert.Equal(new byte[32], opened);
            Assert.True(read.TryOpen(right, opened));
            Assert.Equal(key, opened);
        }
    }

    [Fact]
    public void Writing_what_was_read_gives_the_same_bytes()
    {
        byte[] json = Sample();
        Assert.Equal(json, Parsed(json).ToArray());
    }

    [Fact]
    public void Two_keystores_of_one_key_share_nothing_but_the_address()
    {
        JsonNode one = JsonNode.Parse(Sample(KeyDerivation.ForRandomPassword()))!, two = JsonNode.Parse(Sample(KeyDerivation.ForRandomPassword()))!;
        Assert.Equal(one["address"]!.ToString(), two["address"]!.ToString());
        foreach (Func<JsonNode, JsonNode?> part in (Func<JsonNode, JsonNode?>[])[
            n => n["id"], n => n["crypto"]!["ciphertext"], n => n["crypto"]!["cipherparams"]!["iv"], n => n["crypto"]!["kdfparams"]!["salt"], n => n["crypto"]!["mac"]])
            Assert.NotEqual(part(one)!.ToString(), part(two)!.ToString());
    }

    [Theory]
    [InlineData("ciphertext")]
    [InlineData("mac")]
    [InlineData("kdfparams.salt")]
    public void A_damaged_keystore_does_not_open(string member)
    {
        JsonNode json = JsonNode.Parse(Sample())!;
        string value = At(json, Kept + member).ToString();
        At(json, Kept + member).ReplaceWith((value[0] == '0' ? '1' : '0') + value[1..]);
        using AccountPassword password = AccountPassword.Import("password"u8);
        Assert.False(Parsed(Encoding.UTF8.GetBytes(json.ToJsonString())).TryOpen(password, new byte[32]));
    }

    [Theory]
    [InlineData("version", "1", "its version is 1, not 3")]
    [InlineData("version", "\"3\"", "its version is not a number")]
    [InlineData("version", "3.5", "its version is not a whole number")]
    [InlineData("id", "\"me\"", "its id is not a UUID")]
    [InlineData("address", "\"me\"", "its address is not 40 hexadecimal digits")]
    [InlineData("crypto", "[]", "its crypto is not an object")]
    [InlineData("crypto.cipher", "\"aes-128-cbc\"", "its cipher is aes-128-cbc, not aes-128-ctr")]
    [InlineData("crypto.cipher", "\"\\u0007\"", "its cipher is another, not aes-128-ctr")]
    [InlineData("crypto.cipher", "\"\\ud800\"", "it is not JSON, or has a member twice")]
    [InlineData("crypto.cipherparams.iv", "\"00\"", "its iv has 1 bytes, not 16")]
    [InlineData("crypto.ciphertext", "\"0x00\"", "its ciphertext is not hexadecimal")]
    [InlineData("crypto.ciphertext", "7", "its ciphertext is not text")]
    [InlineData("crypto.mac", "\"\"", "its mac has 0 bytes, not 32")]
    [InlineData("crypto.kdf", "\"argon2id\"", "its kdf is argon2id, neither scrypt nor pbkdf2")]
    [InlineData("crypto.kdf", "\"pbkdf2\"", "it has no c")]
    [InlineData("crypto.kdfparams.dklen", "64", "its dklen is 64, not 32")]
    [InlineData("crypto.kdfparams.n", "1000", "its n = 1000 is not a power of two from 2 to 2^30")]
    [InlineData("crypto.kdfparams.n", "16777216", "its n = 16777216, r = 8, p = 1 cost more than 1100 MB of memory or n * r * p = 16777216")]
    [InlineData("crypto.kdfparams.n", "99999999999999999999", "its n is not a whole number")]
    [InlineData("crypto.kdfparams.p", "0", "its r = 8 and p = 0 are not both positive")]
    public void What_is_not_as_the_definition_says_or_costs_too_much_is_refused_by_name(string member, string value, string failure)
    {
        JsonNode json = JsonNode.Parse(Sample())!;
        At(json, member).ReplaceWith(JsonNode.Parse("0"));
        string text = json.ToJsonString();
        // Put in as text, since a JSON writer would refuse some of it.
        string name = member[(member.LastIndexOf('.') + 1)..];
        Refused(Encoding.UTF8.GetBytes(text.Replace($"\"{name}\":0", $"\"{name}\":{value}", StringComparison.Ordinal)), failure);
    }

    [Theory]
    [InlineData("0", "its c = 0 is not 1 to 10000000")]
    [InlineData("10000001", "its c = 10000001 is not 1 to 10000000")]
    public void Iterations_are_bounded(string iterations, string failure) =>
        Refused(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Sample(KeyDerivation.ForRandomPassword()))
            .Replace("\"c\": 4096", $"\"c\": {iterations}", StringComparison.Ordinal)), failure);

    [Fact]
    public void Another_pseudo_random_function_is_refused() =>
        Refused(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Sample(KeyDerivation.ForRandomPassword()))
            .Replace("hmac-sha256", "hmac-sha1", StringComparison.Ordinal)), "its prf is hmac-sha1, not hmac-sha256");

    [Theory]
    [InlineData("version")]
    [InlineData("id")]
    [InlineData("crypto")]
    [InlineData("crypto.cipher")]
    [InlineData("crypto.cipherparams")]
    [InlineData("crypto.cipherparams.iv")]
    [InlineData("crypto.ciphertext")]
    [InlineData("crypto.kdf")]
    [InlineData("crypto.kdfparams")]
    [InlineData("crypto.kdfparams.dklen")]
    [InlineData("crypto.kdfparams.n")]
    [InlineData("crypto.kdfparams.salt")]
    [InlineData("crypto.mac")]
    public void What_is_missing_is_named(string member)
    {
        JsonNode json = JsonNode.Parse(Sample())!;
        JsonNode node = At(json, member);
        string name = node.GetPropertyName();
        _ = node.Parent!.AsObject().Remove(name);
        Refused(Encoding.UTF8.GetBytes(json.ToJsonString()), $"it has no {name}");
    }

    [Fact]
    public void A_member_twice_a_salt_or_file_too_long_and_what_is_no_object_are_refused()
    {
        string text = Encoding.UTF8.GetString(Sample());
        Refused(Encoding.UTF8.GetBytes(text.Replace("\"version\": 3", "\"version\": 3, \"version\": 3", StringComparison.Ordinal)), "it is not JSON, or has a member twice");
        Refused(Encoding.UTF8.GetBytes(text.Replace("\"salt\": \"", $"\"salt\": \"{new string('0', 2048)}", StringComparison.Ordinal)), "its salt has more than 1024 bytes");
        Refused([.. Encoding.UTF8.GetBytes(text), .. Enumerable.Repeat((byte)' ', Keystore.MaxSizeInBytes)], "it has more than 65536 bytes");
        Refused("[]"u8.ToArray(), "it is not a JSON object");
        Refused([], "it is not JSON, or has a member twice");
        Refused(Encoding.UTF8.GetBytes(new string('[', 60000)), "it is not JSON, or has a member twice");
    }

    [Fact]
    public void Random_damage_is_refused_or_read_and_never_throws()
    {
        byte[] json = Sample();
        for (int i = 0; i < json.Length; i++)
        {
            foreach (byte value in (byte[])[0, (byte)'"', (byte)'9', (byte)'\\', 0x80, 0xff])
            {
                byte[] damaged = [.. json];
                damaged[i] = value;
                _ = Keystore.TryParse(damaged, out _, out _);
            }
            _ = Keystore.TryParse(json.AsMemory(0, i), out Keystore? keystore, out _);
            Assert.True(keystore is null || i == json.Length - 1, $"The first {i} bytes were read.");
        }
    }

    [Fact]
    public void What_other_programs_write_otherwise_is_read()
    {
        // Ethers writes "Crypto", some write 0x before the address, upper-case digits, or members of their own.
        string text = Encoding.UTF8.GetString(Sample());
        JsonNode json = JsonNode.Parse(text.Replace("\"crypto\"", "\"Crypto\"", StringComparison.Ordinal))!;
        string address = json["address"]!.ToString();
        json["address"] = "0x" + address.ToUpperInvariant();
        json["x-ethers"] = new JsonObject { ["client"] = "other" };
        Assert.Equal("0x" + address, Parsed(Encoding.UTF8.GetBytes(json.ToJsonString())).Address.ToString());
        Assert.True(json.AsObject().Remove("address"));
        Assert.Null(Parsed(Encoding.UTF8.GetBytes(json.ToJsonString())).Address);
    }

    [Fact]
    public void The_counter_carries_over_all_its_bytes()
    {
        // From all ones the counter goes to zero.
        JsonNode json = JsonNode.Parse(Sample())!;
        At(json, "crypto.cipherparams.iv").ReplaceWith(new string('f', 32));
        byte[] key = new byte[32];
        using AccountPassword password = AccountPassword.Import("password"u8);
        Keystore keystore = Parsed(Encoding.UTF8.GetBytes(json.ToJsonString()));
        Assert.True(keystore.TryOpen(password, key));
        byte[] derived = new byte[32];
        Cheap.Derive("password"u8, derived);
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.SetKey(derived.AsSpan(0, 16));
        byte[] stream = aes.EncryptEcb([.. Enumerable.Repeat((byte)0xff, 16), .. new byte[16]], System.Security.Cryptography.PaddingMode.None);
        byte[] ciphertext = Convert.FromHexString(At(json, "crypto.ciphertext").ToString());
        Assert.Equal(ciphertext.Select((b, i) => (byte)(b ^ stream[i])), key);
    }

    private static byte[] Sample(KeyDerivation? derivation = null)
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        using LedgerAccount account = LedgerAccount.Import(key);
        using AccountPassword password = AccountPassword.Import("password"u8);
        return Keystore.Seal(key, account.Address, password, derivation ?? Cheap).ToArray();
    }

    private static Keystore Parsed(byte[] json)
    {
        Assert.True(Keystore.TryParse(json, out Keystore? keystore, out string? failure), failure);
        return keystore;
    }

    private static void Refused(byte[] json, string expected)
    {
        Assert.False(Keystore.TryParse(json, out Keystore? keystore, out string? failure));
        Assert.Null(keystore);
        Assert.Equal(expected, failure);
    }

    private static JsonNode At(JsonNode root, string path) => path.Split('.').Aggregate(root, (node, name) => node[name]!);
}
