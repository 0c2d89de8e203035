using Microsoft.Playwright;

namespace QuantumFed.Report.Tests;

/// <summary>The system's Chromium, driven by the driver that Playwright's package brings. Nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // Debian, Ubuntu, others.
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // What nothing in it takes, even on a busy machine; in milliseconds.
    private const float Patience = 180_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The program, by QF_CHROMIUM or in a usual place; null if there is none.</summary>
    public static string? Executable { get; } =
        Environment.GetEnvironmentVariable("QF_CHROMIUM") is { Length: > 0 } named ? named : Places.FirstOrDefault(System.IO.File.Exists);

    /// <summary>A new page, and a list that fills with what goes wrong on it.</summary>
    public async Task<(IPage Page, List<string> Trouble)> Open(string file, int width, int height, ColorScheme scheme = ColorScheme.Light, Media media = Media.Screen)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
        });
        context.SetDefaultTimeout(Patience);
        IPage page = await context.NewPageAsync();
        string address = new Uri(Path.GetFullPath(file)).AbsoluteUri;
        List<string> trouble = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                trouble.Add($"console: {message.Text}");
        };
        page.PageError += (_, error) => trouble.Add($"error: {error}");
        page.RequestFailed += (_, request) => trouble.Add($"failed: {request.Url}");
        page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                trouble.Add($"request: {request.Url}");
        };
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = media, ColorScheme = scheme });
        await page.GotoAsync(address);
        return (page, trouble);
    }

    public async ValueTask InitializeAsync()
    {
        if (Executable is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Headless = true,
            Timeout = Patience,
            // Root cannot have it and containers often not; the pages are our own.
            ChromiumSandbox = false,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
