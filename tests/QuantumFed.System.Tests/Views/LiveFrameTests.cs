using QuantumFed.Cli;
using Spectre.Console;

namespace QuantumFed.System.Tests;

/// <summary>What the live view draws, for every size of a terminal.</summary>
public sealed class LiveFrameTests
{
    [Fact]
    public void A_frame_says_who_is_awaited_since_when_and_the_last_of_everything()
    {
        RunProgress run = Told.RoundOne.Scored(new(1), 0.75).Coordinator(
            Told.Event("ProfileInForce", 0, ("tlsVersion", "TLSv1.3"), ("group", "X25519MLKEM768"), ("signature", "mldsa65")),
            Told.Event("Awaiting", 20, ("round", "2"), ("step", "Training"), ("members", "st-anne")));
        string[] lines = Draw(run, null, 32, 100, 20);
        Assert.Equal(
            [
                "",
                "round        2 of 2, training for 12 s; accuracy 0.7500 after round 1",
                "north        starting",
                "south        starting",
                "st-anne      awaited for 12 s; last: starting",
                "link         TLSv1.3 X25519MLKEM768 mldsa65",
                "ledger       RoundFinalized of coordinator, 0x03ab",
                "bytes        3 KiB from members, 0 KiB to them",
            ],
            lines.Select(line => line.TrimEnd()));
    }

    [Fact]
    public void A_frame_leaves_a_line_and_a_column_of_any_terminal()
    {
        RunProgress run = RunProgress.Begin(Told.Start, 3, Enumerable.Range(0, 16).Select(i => $"a-hospital-with-a-long-name-{i}"));
        for (int height = 2; height <= 30; height++)
        {
            for (int width = 15; width <= 120; width += 5)
            {
                string[] lines = Draw(run, null, 0, width, height);
                Assert.InRange(lines.Length, 1, height - 1);
                Assert.All(lines, line => Assert.InRange(line.Length, 0, width - 1));
            }
        }
    }

    [Fact]
    public void On_a_short_terminal_the_awaited_come_first()
    {
        RunProgress run = RunProgress.Begin(Told.Start, 3, Enumerable.Range(0, 16).Select(i => $"m{i:00}"))
            .Coordinator(Told.Event("Awaiting", 1, ("round", "0"), ("step", "Keys"), ("members", "m15")));
        string[] lines = Draw(run, null, 3, 60, 10);
        Assert.Contains(lines, line => line.StartsWith("m15 ", StringComparison.Ordinal) && line.Contains("awaited for 2 s", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("and 13 more members", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_party_says_does_not_speak_to_the_terminal()
    {
        RunProgress run = Told.Nothing.Take("north", Told.Event("Committed", 1, ("transaction", "\u001b[2J\n[red]")));
        Assert.Contains(Draw(run, null, 1, 80, 20), line => line.Contains("0x [2J [red]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("dumb", false)]
    [InlineData("xterm-256color", true)]
    [InlineData("linux", true)]
    public void Only_a_terminal_that_can_move_its_cursor_gets_the_live_view(string? terminal, bool live) =>
        Assert.Equal(live, RunViews.CanMoveCursor(terminal));

    private static string[] Draw(RunProgress run, string? activity, double second, int width, int height)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        console.Write(LiveFrame.Of(run, activity, Told.Start.AddSeconds(second), width, height));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
