using System.CommandLine;
using System.Text.Json;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Which ledger a command is about, and how it prints: the same for all of <c>qf ledger</c>'s commands.</summary>
/// <param name="acts">Whether it takes a step: only a party with its settings and its account can.</param>
/// <param name="waits">Whether it waits until blocks are so deep that they count, as what takes a step does.</param>
internal sealed class LedgerOptions(bool acts = false, bool waits = false)
{
    private static readonly JsonSerializerOptions AccessOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private readonly Option<string?> _settings = new("--settings", "-s")
    {
        Description = acts
            ? "The settings.json of the party that acts: its agreement, its ledger node, its account."
            : "A party's settings.json: its agreement and its ledger node. One of --settings, --workspace and --agreement says which ledger.",
        HelpName = "FILE",
        Required = acts,
    };

    private readonly Option<string?> _workspace = new("--workspace") { Description = "Folder of a workspace, whose development ledger is running.", HelpName = "DIR" };

    private readonly Option<string?> _agreement = new("--agreement") { Description = "The consortium's agreement, for a reader without settings; with --rpc.", HelpName = "FILE" };

    private readonly Option<Uri?> _rpc = LedgerInput.Rpc("The ledger's JSON-RPC address. Default: the one in the settings.");

    private readonly Option<string?> _token = LedgerInput.RpcToken();

    private readonly Option<string?> _authority = LedgerInput.RpcAuthority();

    private readonly Option<int?> _confirmations = LedgerInput.Confirmations();

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of text." };

    public void AddTo(Command command)
    {
        foreach (Option option in acts ? new Option[] { _settings, _rpc, _token, _authority, _json } : [_settings, _workspace, _agreement, _rpc, _token, _authority, _json])
            command.Options.Add(option);
        if (acts || waits)
            command.Options.Add(_confirmations);
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
                try
                {
                    if (verify)
                        await target.VerifyAsync(token);
                    return await run(target, new LedgerPrinter(Console.Out, parsed.GetValue(_json)), parsed, token);
                }
                catch (LedgerRejectedException refusal) when (RefusalText.Of(refusal.ErrorName) is { } words)
                {
                    throw new LedgerRejectedException($"{words} {refusal.Message}", refusal);
                }
            },
            cancellation));
    }

    private LedgerTarget Resolve(ParseResult parsed)
    {
        (string? settings, string? workspace, string? agreement) = (parsed.GetValue(_settings), parsed.GetValue(_workspace), parsed.GetValue(_agreement));
        if (new[] { settings, workspace, agreement }.Count(given => given is not null) != 1)
            throw new UsageException("Say which ledger: --settings FILE of a party, --workspace DIR, or --agreement FILE with --rpc URL.");
        Uri? rpc = parsed.GetValue(_rpc);
        LedgerAccess? access = Given(parsed, _token) is var token && Given(parsed, _authority) is var authority && (token ?? authority) is not null
            ? new LedgerAccess(token, authority)
            : null;
        int? confirmations = acts || waits ? parsed.GetValue(_confirmations) : null;
        if (settings is not null)
        {
            string path = CommandRunner.PathOf("--settings", settings);
            return FromSettings(path, rpc, access, new PartyFolder(Path.GetDirectoryName(path)!), acts: true, confirmations);
        }
        if (workspace is not null)
        {
            var layout = new WorkspaceLayout(CommandRunner.PathOf("--workspace", workspace));
            return FromSettings(new PartyFolder(layout.Ledger).Settings, rpc, access, new PartyFolder(layout.Ledger), acts: false, confirmations);
        }
        string file = CommandRunner.PathOf("--agreement", agreement!);
        var folder = new PartyFolder(Path.GetDirectoryName(file)!);
        return LedgerTarget.Open(
            folder.ReadAgreement(file), LedgerAccess.Endpoint(rpc ?? throw new UsageException("--agreement needs --rpc URL as well."), access, folder), party: null,
            confirmations ?? 0);
    }

    private static string? Given(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } path ? CommandRunner.PathOf(option.Name, path) : null;

    // A coordinator, a member and a development ledger have different settings; what is asked here is in all of them.
    private static LedgerTarget FromSettings(string path, Uri? rpc, LedgerAccess? access, PartyFolder folder, bool acts, int? confirmations)
    {
        JsonElement settings;
        try
        {
            settings = JsonElement.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            throw new SettingsException(path, ["it is not JSON"]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, [error.Message]);
        }
        string agreement = Text(settings, "agreement") ?? throw new SettingsException(path, ["it names no agreement"]);
        if (rpc is null && Text(settings, "ledgerRpc") is { } address)
            rpc = Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
                ? uri : throw new SettingsException(path, ["ledgerRpc is not an http or https address without a name and password"]);
        if (rpc is null && settings.TryGetProperty("port", out JsonElement port) && port.TryGetUInt16(out ushort number))
            rpc = new Uri($"http://127.0.0.1:{number}/");
        LedgerAccess? own = Access(path, settings);
        access ??= own;
        return LedgerTarget.Open(
            folder.ReadAgreement(agreement),
            LedgerAccess.Endpoint(rpc ?? throw new SettingsException(path, ["it names no ledger node; give one with --rpc URL"]), access, folder),
            acts ? folder : null,
            confirmations ?? own?.Confirmations ?? 0);
    }

    private static LedgerAccess? Access(string path, JsonElement settings)
    {
        try
        {
            LedgerAccess? read = settings.TryGetProperty("ledgerAccess", out JsonElement access) ? access.Deserialize<LedgerAccess>(AccessOptions) : null;
            string[] failures = [.. read?.Failures() ?? []];
            return failures.Length == 0 ? read : throw new SettingsException(path, failures);
        }
        catch (JsonException error)
        {
            throw new SettingsException(path, [$"ledgerAccess: {error.Message}"]);
        }
    }

    private static string? Text(JsonElement settings, string name) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
