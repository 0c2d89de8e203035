using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Keystores between this program and ethers, which shares no code with it.</summary>
public sealed class EthersKeystoreTests
{
    // Composed, as ethers normalises it.
    private const string Password = "pässwörd €";

    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public async Task Ethers_opens_what_we_write()
    {
        using LedgerAccount account = LedgerAccount.Import(Key);
        using AccountPassword password = AccountPassword.Import(Encoding.UTF8.GetBytes(Password));
        byte[] salt = [.. Enumerable.Range(0, 32).Select(i => (byte)(7 * i))];
        foreach (KeyDerivation derivation in new[] { KeyDerivation.ForRandomPassword(), new ScryptDerivation(1024, 8, 1, salt), new ScryptDerivation(4096, 2, 3, salt) })
        {
            string keystore = Encoding.UTF8.GetString(Keystore.Seal(Key, account.Address, password, derivation).ToArray());
            JsonNode answer = await AskAsync(new JsonObject { ["action"] = "decrypt", ["keystore"] = keystore, ["password"] = Password });
            Assert.Equal("0x" + Convert.ToHexStringLower(Key), answer["key"]!.ToString());
            Assert.Equal(account.Address, EthereumAddress.Parse(answer["address"]!.ToString()));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{ "N": 1024, "r": 8, "p": 1 }""")]
    [InlineData("""{ "N": 256, "r": 1, "p": 2 }""")]
    public async Task We_open_what_ethers_writes(string? scrypt)
    {
        JsonNode answer = await AskAsync(new JsonObject
        {
            ["action"] = "encrypt",
            ["key"] = "0x" + Convert.ToHexStringLower(Key),
            ["password"] = Password,
            ["scrypt"] = scrypt is null ? null : JsonNode.Parse(scrypt),
        });
        byte[] opened = new byte[32];
        Keystore keystore = Open(answer, opened);
        Assert.Equal(Key, opened);
        using LedgerAccount account = LedgerAccount.Import(Key);
        Assert.Equal(account.Address, keystore.Address);
    }

    [Fact]
    public async Task What_ethers_adds_for_a_mnemonic_is_passed_over()
    {
        JsonNode answer = await AskAsync(new JsonObject { ["action"] = "encrypt-mnemonic", ["password"] = Password, ["scrypt"] = JsonNode.Parse("""{ "N": 1024, "r": 8, "p": 1 }""") });
        Assert.Contains("x-ethers", answer["keystore"]!.ToString(), StringComparison.Ordinal);
        byte[] opened = new byte[32];
        _ = Open(answer, opened);
        using LedgerAccount account = LedgerAccount.Import(opened);
        Assert.Equal(EthereumAddress.Parse(answer["address"]!.ToString()), account.Address);
    }

    private static Keystore Open(JsonNode answer, byte[] key)
    {
        Assert.True(Keystore.TryParse(Encoding.UTF8.GetBytes(answer["keystore"]!.ToString()), out Keystore? keystore, out string? failure), failure);
        using AccountPassword password = AccountPassword.Import(Encoding.UTF8.GetBytes(Password));
        Assert.True(keystore.TryOpen(password, key));
        return keystore;
    }

    private static async Task<JsonNode> AskAsync(JsonObject request)
    {
        string modules = Path.Combine(TestFiles.RepositoryRoot, "contracts", "node_modules");
        Assert.SkipUnless(Directory.Exists(Path.Combine(modules, "ethers")), "ethers is not here: run `npm ci --ignore-scripts` in contracts.");
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "node"))), "Node is not on the PATH.");
        string script = Path.Combine(TestFiles.RepositoryRoot, "tests", "QuantumFed.Ledger.Tests", "Interop", "keystore.js");
        ProcessStartInfo start = new("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = modules;
        // Node has an OpenSSL of its own, and these are for ours.
        foreach (string variable in (string[])["LD_LIBRARY_PATH", "OPENSSL_CONF", "NODE_OPTIONS"])
            start.Environment.Remove(variable);
        using Process node = Process.Start(start)!;
        Task<string> errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.StandardInput.WriteAsync(request.ToJsonString());
        node.StandardInput.Close();
        string output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, await errors);
        return JsonNode.Parse(output) ?? throw new JsonException("Node answered nothing.");
    }
}
