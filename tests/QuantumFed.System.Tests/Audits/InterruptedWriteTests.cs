using QuantumFed.Audit;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A coordinator killed in the middle of a write leaves a file behind that is no object, and no finding.</summary>
public sealed class InterruptedWriteTests : IDisposable
{
    private static readonly string Place = Digest.Of("object"u8).ToString();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_killed_writer_leaves_is_no_finding() =>
        Assert.DoesNotContain(Findings($".{Place[2..]}.{Guid.NewGuid():N}"), finding => finding.Subject.StartsWith(_folder.Root, StringComparison.Ordinal));

    [Theory]
    [InlineData(".hidden")]
    [InlineData(".0123.00000000000000000000000000000000")]
    [InlineData("notes.txt")]
    public void Any_other_file_among_the_objects_is_found(string name) =>
        Assert.Contains(Findings(name), finding => finding.Subject.EndsWith(name, StringComparison.Ordinal));

    private IReadOnlyList<AuditFinding> Findings(string name)
    {
        string path = _folder.At("archive", "objects", Place[..2], name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "half an ob");
        return ConsortiumAuditor.Run(new AuditSource(_folder.At("consortium.json"), _folder.At("consents"), _folder.At("archive"))).Findings;
    }
}
