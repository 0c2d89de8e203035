using System.CommandLine;
using System.Text.Json;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Which ledger a command is about, and how it prints: the same for all of <c>qf ledger</c>'s commands.</summary>
internal sealed class LedgerOptions
{
    private readonly Option<string?> _settings = new("--settings", "-s")
    {
        Description = "A party's settings.json: its agreement, its ledger node and, for steps, its account.", HelpName = "FILE",
    };

    private readonly Option<string?> _workspace = new("--workspace") { Description = "Folder of a workspace, whose development ledger is running.", HelpName = "DIR" };

    private readonly Option<string?> _agreement = new("--agreement") { Description = "The consortium's agreement, for a reader without settings.", HelpName = "FILE" };

    private readonly Option<Uri?> _rpc = new("--rpc")
    {
        Description = "The ledger's JSON-RPC address. Default: the one in the settings.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0)
                return uri;
            result.AddError(uri?.UserInfo.Length > 0
                ? "--rpc takes an address without name and password." : $"--rpc takes an http or https address, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of text." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _settings, _workspace, _agreement, _rpc, _json })
            command.Options.Add(option);
    }

    /// <summary>Runs a command on the ledger that its options name, once it has shown that it is the agreed one.</summary>
    public void SetAction(Command command, Func<LedgerTarget, LedgerPrinter, ParseResult, CancellationToken, Task<ExitCode>> run, bool verify = true)
    {
        AddTo(command);
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            async token =>
            {
                Transport.OpenSslVersion.RequirePostQuantum();
                using LedgerTarget target = Resolve(parsed);
                if (verify)
                    await target.VerifyAsync(token);
                return await run(target, new LedgerPrinter(Console.Out, parsed.GetValue(_json)), parsed, token);
            },
            cancellation));
    }

    private LedgerTarget Resolve(ParseResult parsed)
    {
        (string? settings, string? workspace, string? agreement) = (parsed.GetValue(_settings), parsed.GetValue(_workspace), parsed.GetValue(_agreement));
        if (new[] { settings, workspace, agreement }.Count(given => given is not null) != 1)
            throw new UsageException("Say which ledger: --settings FILE of a party, --workspace DIR, or --agreement FILE with --rpc URL.");
        Uri? rpc = parsed.GetValue(_rpc);
        if (settings is not null)
        {
            string path = CommandRunner.PathOf("--settings", settings);
            return FromSettings(path, rpc, new PartyFolder(Path.GetDirectoryName(path)!));
        }
        if (workspace is not null)
        {
            var layout = new WorkspaceLayout(CommandRunner.PathOf("--workspace", workspace));
            return FromSettings(new PartyFolder(layout.Ledger).Settings, rpc, party: null);
        }
        string file = CommandRunner.PathOf("--agreement", agreement!);
        return LedgerTarget.Open(
            new PartyFolder(Path.GetDirectoryName(file)!).ReadAgreement(file), rpc ?? throw new UsageException("--agreement needs --rpc URL as well."), party: null);
    }

    // A coordinator, a member and a development ledger have different settings; what is asked here is in all of them.
    private static LedgerTarget FromSettings(string path, Uri? rpc, PartyFolder? party)
    {
        JsonElement settings;
        try
        {
            settings = JsonElement.Parse(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException(path, [error.Message]);
        }
        string agreement = Text(settings, "agreement") ?? throw new SettingsException(path, ["it names no agreement"]);
        if (rpc is null && Text(settings, "ledgerRpc") is { } address)
            rpc = Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
                ? uri : throw new SettingsException(path, [$"ledgerRpc is '{NodeEvent.OneLine(address)}', not an http or https address"]);
        if (rpc?.UserInfo.Length > 0)
            throw new SettingsException(path, ["ledgerRpc holds a name or a password, which an address must not"]);
        if (rpc is null && settings.TryGetProperty("port", out JsonElement port) && port.TryGetUInt16(out ushort number))
            rpc = new Uri($"http://127.0.0.1:{number}/");
        ConsortiumAgreement read = new PartyFolder(Path.GetDirectoryName(path)!).ReadAgreement(agreement);
        return LedgerTarget.Open(read, rpc ?? throw new SettingsException(path, ["it names no ledger node; give one with --rpc URL"]), party);
    }

    private static string? Text(JsonElement settings, string name) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
