using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using QuantumFed.Audit;
using QuantumFed.Ledger;
using QuantumFed.Node;

namespace QuantumFed.Cli;

/// <summary><c>qf audit</c>.</summary>
internal static class AuditCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static Command Create()
    {
        var workspace = new Option<string>("--workspace") { Description = "Folder of the workspace.", Required = true, HelpName = "DIR" };
        Option<Uri?> rpc = LedgerInput.Rpc("Also ask this live ledger whether it says the same.");
        Option<string?> token = LedgerInput.RpcToken(), authority = LedgerInput.RpcAuthority();
        var genesis = new Option<string?>("--genesis")
        {
            Description = "The genesis.json of the QBFT network, got from its operators and not from the archive: checks that two thirds of the validators sealed each block.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print the verdicts as JSON." };
        Option<AcceptedProposals?> accept = Accept();
        var verify = new Command("verify", "Replay every round from the archive, offline and with no secret: signatures, commitments, ciphertext sum, opened key sum, "
            + "decoded sum, model. Exit code 0 if everything holds, 4 if anything does not.")
        {
            workspace, genesis, rpc, token, authority, accept, json,
        };
        verify.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            async stop =>
            {
                RpcEndpoint? node = EndpointOf(parsed.GetValue(rpc), parsed.GetValue(token), parsed.GetValue(authority));
                AuditSource source = SourceOf(LayoutOf(parsed.GetRequiredValue(workspace))) with { Genesis = GenesisOf(parsed.GetValue(genesis)) };
                return await VerifyAsync(source, node, parsed.GetValue(accept), parsed.GetValue(json), stop);
            },
            cancellation));
        return new Command("audit", "Check what a consortium recorded.") { verify };
    }

    private static Option<AcceptedProposals?> Accept() => new("--accept-proposal")
    {
        Description = "Let a change of the registry pass that too few members signed: a proposal's number and the transaction that executed it, as the finding writes them. "
            + "Only for what the consortium agreed on by other means; the verdict says that you accepted it. May be given for several.",
        HelpName = "N:0xHASH",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            if (!AcceptedProposals.TryParse(result.Tokens.Select(token => token.Value), out AcceptedProposals? accepted, out ImmutableArray<string> failures))
                result.AddError($"--accept-proposal: {string.Join("; ", failures)}.");
            return accepted;
        },
    };

    private static async Task<ExitCode> VerifyAsync(AuditSource source, RpcEndpoint? rpc, AcceptedProposals? accepted, bool json, CancellationToken cancellation)
    {
        AuditReport report = ConsortiumAuditor.Run(source, json ? null : verdict => Console.WriteLine(AuditText.Line(verdict)), accepted);
        IReadOnlyList<AuditFinding> live = rpc is null || !report.Verified
            ? []
            : await LiveLedgerComparison.RunAsync(source, rpc, TimeProvider.System, cancellation);
        report = report with { Findings = [.. report.Findings, .. live] };
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(AuditText.Summary(report), Json));
        else
            Console.WriteLine(AuditText.Conclusion(report, rpc is not null));
        return report.Verified ? ExitCode.Success : ExitCode.AuditFailed;
    }

    private static WorkspaceLayout LayoutOf(string workspace)
    {
        var layout = new WorkspaceLayout(CommandRunner.PathOf("--workspace", workspace));
        if (!Directory.Exists(layout.Root))
            throw new UsageException($"There is no folder '{workspace}'.");
        if (!File.Exists(layout.Agreement))
            throw new UsageException($"'{workspace}' holds no consortium.json, so it is not a workspace.");
        return layout;
    }

    private static RpcEndpoint? EndpointOf(Uri? rpc, string? token, string? authority)
    {
        if (rpc is null)
            return (token ?? authority) is null ? null : throw new UsageException("--rpc-token and --rpc-authority go with --rpc URL.");
        try
        {
            return RpcEndpoint.Create(
                rpc, token is null ? null : CommandRunner.PathOf("--rpc-token", token), authority is null ? null : CommandRunner.PathOf("--rpc-authority", authority));
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private static QbftGenesis? GenesisOf(string? file)
    {
        if (file is null)
            return null;
        string path = CommandRunner.PathOf("--genesis", file);
        try
        {
            return QbftGenesis.TryParse(File.ReadAllBytes(path), out QbftGenesis? genesis, out string? failure) ? genesis : throw new SettingsException(path, [failure]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, [error.Message]);
        }
    }

    /// <summary>The public files of a workspace.</summary>
    internal static AuditSource SourceOf(WorkspaceLayout layout) => new(layout.Agreement, layout.Consents, layout.Archive);
}
