using System.CommandLine;
using System.Globalization;
using QuantumFed.Audit;
using QuantumFed.Models;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf model</c>.</summary>
internal static class ModelCommand
{
    public static Command Create()
    {
        var workspace = new Option<string>("--workspace") { Description = "Folder of the workspace.", Required = true, HelpName = "DIR" };
        var round = new Option<ulong?>("--round")
        {
            Description = "The finished round whose model is wanted. Default: the last.",
            HelpName = "NUMBER",
            CustomParser = result =>
            {
                if (ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
                    return number;
                result.AddError($"--round takes the number of a round, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };
        var member = new Option<string?>("--member")
        {
            Description = "The hospital whose training rows scale the features; needed, and allowed, where each hospital scales by its own (--standardise centre).",
            HelpName = "NAME",
        };
        var output = new Option<string?>("--out") { Description = "The file to write, - for standard output. Default: model.json in the workspace.", HelpName = "FILE" };
        var unaudited = new Option<bool>("--no-audit") { Description = "Do not audit the workspace first; the file then says so." };
        var export = new Command("export", "Write a trained model, with all that is needed to use it, as one JSON file. The workspace is audited first: exit code 4, and no "
            + "file, if anything does not hold.")
        {
            workspace, round, member, output, unaudited,
        };
        export.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => Task.FromResult(Export(
                parsed.GetRequiredValue(workspace), parsed.GetValue(round) is { } number ? new RoundId(number) : null, parsed.GetValue(member),
                parsed.GetValue(output), !parsed.GetValue(unaudited), token)),
            cancellation));
        return new Command("model", "Take a trained model out of a workspace.") { export };
    }

    private static ExitCode Export(string workspace, RoundId? round, string? member, string? output, bool audit, CancellationToken cancellation)
    {
        Transport.OpenSslVersion.RequirePostQuantum();
        var layout = new WorkspaceLayout(CommandRunner.PathOf("--workspace", workspace));
        if (!File.Exists(layout.Agreement))
            throw new UsageException($"'{workspace}' holds no consortium.json, so it is not a workspace.");
        string? path = output == "-" ? null : CommandRunner.PathOf("--out", output ?? Path.Combine(layout.Root, "model.json"));
        if (path is not null)
            ExportTarget.Check(path);
        TextWriter tell = path is null ? Console.Error : Console.Out;
        ModelExport export = ModelExport.Prepare(layout, member);
        IRecordedModels models = audit ? Audit(layout, tell, cancellation) : new SignedModels(layout);
        ModelFile file = export.Create(models, round, audited: audit);
        if (path is null)
        {
            using Stream stream = Console.OpenStandardOutput();
            file.WriteTo(stream);
        }
        else
        {
            DurableFile.Write(path, file.ToJson());
        }
        tell.WriteLine($"Model of round {file.Origin.Round}: {file.State.Shape}, digest {file.Digest} {(audit ? "as on the ledger" : "as the coordinator signed; not audited")}.");
        if (file.Own is { } own)
            tell.WriteLine($"Features are scaled by the training rows of '{own.Member}': the model is for that hospital.");
        if (path is not null)
            tell.WriteLine($"Written: {path}");
        return ExitCode.Success;
    }

    private static AuditedModels Audit(WorkspaceLayout layout, TextWriter tell, CancellationToken cancellation)
    {
        tell.WriteLine("Auditing the workspace first.");
        AuditReport report = ConsortiumAuditor.Run(AuditCommand.SourceOf(layout), verdict =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (!verdict.Verified)
                tell.WriteLine(AuditText.Line(verdict));
        });
        tell.WriteLine(AuditText.Conclusion(report, live: false));
        return report.Verified
            ? new AuditedModels(report)
            : throw new AuditFailedException("the audit does not hold, so no model was exported; --no-audit exports it all the same, and says so in the file.");
    }
}
