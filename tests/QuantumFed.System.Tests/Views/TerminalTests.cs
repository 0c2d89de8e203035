using System.Text.RegularExpressions;

namespace QuantumFed.System.Tests;

/// <summary>A demo on a terminal: it draws, and however it ends the cursor is back and nothing runs.</summary>
public sealed partial class TerminalTests
{
    private const string CtrlC = "\u0003";

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task The_view_goes_and_the_result_stays()
    {
        Requires.Launcher();
        Requires.Terminal();
        using TemporaryFolder folder = new();
        await using QfRun run = QfRun.StartInTerminal(
            ["demo", "--rounds", "1", "--members", "3", "--out", folder.At("w")], 60, 12, ("TERM", "xterm-256color"), ("NO_COLOR", "1"));
        QfResult end = (await run.EndAsync(TestContext.Current.CancellationToken)).Ended(0);
        AssertCursorIsBack(end.Output);
        Assert.Matches(@"awaited for \d+ s", end.Output);
        Assert.Contains("X25519MLKEM768", end.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(Colour(), end.Output);
        string after = end.Output[end.Output.LastIndexOf("\u001b[?25h", StringComparison.Ordinal)..];
        string[] lines = [.. end.Output.Split('\n').Select(line => line.TrimEnd('\r'))];
        Assert.Contains(lines, line => line.Contains("coordinator  round  1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("VERIFIED: 2 rounds", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Done in ", StringComparison.Ordinal));
        Assert.DoesNotContain("awaited for", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("QuantumFed demo")]
    [InlineData("round  0")]
    public async Task Ctrl_C_on_a_terminal_leaves_a_cursor_and_nothing_running(string moment)
    {
        Requires.Launcher();
        Requires.Terminal();
        using TemporaryFolder folder = new();
        await using QfRun run = QfRun.StartInTerminal(
            ["demo", "--rounds", "500", "--members", "3", "--out", folder.At("w")], 100, 30, ("TERM", "xterm-256color"));
        await run.LineAsync(moment, TestContext.Current.CancellationToken);
        await run.TypeAsync(CtrlC);
        QfResult end = (await run.EndAsync(TestContext.Current.CancellationToken, Most)).Ended(130);
        Assert.Empty(ProcessTable.Naming(folder.Root));
        AssertCursorIsBack(end.Output);
        Assert.EndsWith("qf: interrupted; everything that was started has been stopped.", end.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_that_cannot_move_its_cursor_gets_lines()
    {
        Requires.Launcher();
        Requires.Terminal();
        using TemporaryFolder folder = new();
        await using QfRun run = QfRun.StartInTerminal(
            ["demo", "--rounds", "500", "--members", "3", "--out", folder.At("w")], 80, 24, ("TERM", "dumb"));
        await run.LineAsync("connected.", TestContext.Current.CancellationToken);
        await run.TypeAsync(CtrlC);
        QfResult end = (await run.EndAsync(TestContext.Current.CancellationToken, Most)).Ended(130);
        Assert.DoesNotContain('\u001b', end.Output);
    }

    [Fact]
    public async Task A_full_disk_ends_the_demo_with_a_sentence_and_a_cursor()
    {
        Requires.Launcher();
        Requires.Terminal();
        using SmallDisk disk = SmallDisk.OfKilobytes(2000);
        string workspace = Path.Combine(disk.Root, "w");
        await using QfRun run = QfRun.StartInTerminal(
            ["demo", "--rounds", "500", "--members", "3", "--out", workspace], 200, 30, ("TERM", "xterm-256color"));
        QfResult end = (await run.EndAsync(TestContext.Current.CancellationToken, Most)).Ended(1);
        Assert.Empty(ProcessTable.Naming(disk.Root));
        AssertCursorIsBack(end.Output);
        string message = Assert.Single(end.Output.Split('\n'), line => line.Contains("qf: The process of ", StringComparison.Ordinal));
        Assert.Contains($"No space left on device : '{workspace}/", message, StringComparison.Ordinal);
    }

    private static void AssertCursorIsBack(string output)
    {
        string[] codes = [.. Cursor().Matches(output).Select(match => match.Value)];
        Assert.Contains("\u001b[?25l", codes);
        Assert.Equal("\u001b[?25h", codes[^1]);
    }

    [GeneratedRegex("\u001b\\[\\?25[hl]")]
    private static partial Regex Cursor();

    [GeneratedRegex("\u001b\\[[0-9;]*(3[0-9]|9[0-7])m")]
    private static partial Regex Colour();
}
