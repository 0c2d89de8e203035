using Spectre.Console;

namespace QuantumFed.Cli;

/// <summary>Which view a run gets.</summary>
internal static class RunViews
{
    /// <summary>JSON where it is asked for; the live view on a terminal that can move its cursor; lines otherwise.</summary>
    public static IRunView Choose(bool json, TimeProvider time)
    {
        if (json)
            return new JsonView(Console.Out, Console.Error, time);
        return Console.IsOutputRedirected || !CanMoveCursor(Environment.GetEnvironmentVariable("TERM"))
            ? new PlainView(Console.Out.WriteLine)
            : new LiveView(Terminal(), Console.Out, time);
    }

    /// <summary>Whether a terminal of that kind knows cursor codes.</summary>
    internal static bool CanMoveCursor(string? terminal) => terminal is { Length: > 0 } and not "dumb";

    // Spectre.Console guesses from many variables, such as those of build servers; here it is settled already.
    private static IAnsiConsole Terminal()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            // https://no-color.org: set and not empty.
            ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(Console.Out),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Capabilities.Unicode = false;
        return console;
    }
}
