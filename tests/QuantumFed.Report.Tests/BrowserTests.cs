using Microsoft.Playwright;

namespace QuantumFed.Report.Tests;

/// <summary>
/// The page in a real browser. QF_REPORT=FILE tests that report.html instead of the sample; QF_SCREENSHOT=FOLDER writes report.png (light, 1200 px wide: the
/// picture in docs/images), report-dark.png, report-380.png, report-print.png and report.pdf there.
/// </summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private static readonly string[] Figures = ["accuracy", "hospitals", "elapsed", "phases", "bytes"];
    private static readonly string? Given = Environment.GetEnvironmentVariable("QF_REPORT") is { Length: > 0 } file ? file : null;
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("QF_SCREENSHOT") is { Length: > 0 } folder ? folder : null;

    private readonly string _sample = Path.Combine(Path.GetTempPath(), $"qf-report-{Guid.NewGuid():N}.html");

    [Theory]
    [InlineData(380, ColorScheme.Light)]
    [InlineData(380, ColorScheme.Dark)]
    [InlineData(1200, ColorScheme.Light)]
    [InlineData(1200, ColorScheme.Dark)]
    public async Task Every_chart_is_drawn_and_the_page_never_scrolls_sideways(int width, ColorScheme scheme)
    {
        (IPage page, List<string> trouble) = await Open(width, 900, scheme);
        await Shoot(page, width, scheme);
        foreach (string figure in Figures)
            await AssertDrawn(page, figure);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, "the page scrolls sideways");
        Assert.Empty(await page.EvaluateAsync<string[]>(ClippedText, width));
        Assert.Empty(trouble);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(380)]
    [InlineData(1200)]
    public async Task Letters_in_a_chart_are_large_enough_and_do_not_overlap(int width)
    {
        (IPage page, List<string> trouble) = await Open(width, 900, ColorScheme.Light);
        double smallest = await page.EvaluateAsync<double>(SmallestLetters);
        Assert.True(smallest >= 10.5, $"letters of {smallest} px");
        Assert.Empty(await page.EvaluateAsync<string[]>(OverlappingText));
        Assert.Empty(trouble);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(380)]
    [InlineData(1200)]
    public async Task The_whole_suite_of_a_link_is_in_sight(int width)
    {
        (IPage page, List<string> trouble) = await Open(width, 900, ColorScheme.Light);
        Assert.Empty(await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('#links tbody td, #quantum-links tbody td')].filter(d => d.getBoundingClientRect().right > d.closest('.scroll').getBoundingClientRect().right + 0.5).map(d => d.textContent)"));
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('#links caption').getBoundingClientRect().height"), 10, 40);
        if (width == 380)
            Assert.Equal("Cipher", await page.Locator("#links tbody tr").First.Locator("td").Nth(4).EvaluateAsync<string>(
                "d => /Cipher/.test(getComputedStyle(d, '::before').content) ? d.dataset.column : ''"));
        Assert.InRange(await page.EvaluateAsync<int>(LinesOfACipher), 1, 2);
        Assert.Empty(trouble);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task No_option_of_the_audits_command_is_torn_in_two()
    {
        RequireChromium();
        RunReport sample = SampleReport.Complete();
        await System.IO.File.WriteAllTextAsync(
            _sample, ReportPage.Render(sample with { Audit = sample.Audit! with { Command = "./qf audit verify --workspace /srv/a/folder" } }), TestContext.Current.CancellationToken);
        (IPage page, _) = await chromium.Open(_sample, 700, 1000, ColorScheme.Light, Media.Print);
        for (int width = 380; width < 740; width += 4)
        {
            await page.SetViewportSizeAsync(width, 1000);
            Assert.True(await page.EvaluateAsync<bool>(IsWhole, "--workspace"), $"--workspace is torn at {width} px");
        }
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Dark_and_light_differ()
    {
        (IPage light, _) = await Open(800, 600, ColorScheme.Light);
        (IPage dark, _) = await Open(800, 600, ColorScheme.Dark);
        const string Ground = "getComputedStyle(document.body).backgroundColor";
        Assert.NotEqual(await light.EvaluateAsync<string>(Ground), await dark.EvaluateAsync<string>(Ground));
        await light.Context.CloseAsync();
        await dark.Context.CloseAsync();
    }

    [Fact]
    public async Task Paper_is_white_and_carries_the_tables()
    {
        // A4 less usual margins, at 96 px an inch; a dark screen must not blacken paper.
        (IPage page, List<string> trouble) = await Open(700, 1000, ColorScheme.Dark, Media.Print);
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 700, "the paper is too narrow");
        Assert.Empty(await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('details table')].filter(t => !t.checkVisibility({contentVisibilityAuto: true}) || t.getBoundingClientRect().height < 20).map(t => t.caption.textContent)"));
        Assert.Empty(trouble);
        if (Screenshots is not null)
        {
            Directory.CreateDirectory(Screenshots);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, "report-print.png"), FullPage = true });
            await page.PdfAsync(new PagePdfOptions { Path = Path.Combine(Screenshots, "report.pdf"), Format = "A4", PrintBackground = false });
        }
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Few_and_many_rounds_fit_a_narrow_page(int rounds)
    {
        RequireChromium();
        await System.IO.File.WriteAllTextAsync(
            _sample, ReportPage.Render(rounds == 0 ? SampleReport.Bare() : SampleReport.Complete(rounds)), TestContext.Current.CancellationToken);
        (IPage page, List<string> trouble) = await chromium.Open(_sample, 380, 900);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 380, "the page scrolls sideways");
        Assert.Equal(rounds == 0 ? 0 : Figures.Length, await page.Locator("svg.chart").CountAsync());
        Assert.Equal(rounds == 0 ? Figures.Length : 0, await page.Locator("figure > .missing").CountAsync());
        Assert.Empty(await page.EvaluateAsync<string[]>(OverlappingText));
        Assert.Empty(trouble);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_hostile_name_is_text()
    {
        RequireChromium();
        await System.IO.File.WriteAllTextAsync(_sample, ReportPage.Render(HostileReport.Everywhere()), TestContext.Current.CancellationToken);
        (IPage page, List<string> trouble) = await chromium.Open(_sample, 380, 900);
        Assert.Equal(0, await page.Locator("script, iframe, img, object, embed, form, [onload], [onerror], [onclick]").CountAsync());
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 380, "the page scrolls sideways");
        Assert.Empty(trouble);
        await page.Context.CloseAsync();
    }

    public void Dispose() => System.IO.File.Delete(_sample);

    private static void RequireChromium() =>
        Assert.SkipUnless(Chromium.Executable is not null, "Chromium is not installed (Debian: apt-get install chromium; elsewhere set QF_CHROMIUM).");

    private async Task<(IPage Page, List<string> Trouble)> Open(int width, int height, ColorScheme scheme, Media media = Media.Screen)
    {
        RequireChromium();
        if (Given is null)
            await System.IO.File.WriteAllTextAsync(_sample, ReportPage.Render(SampleReport.Complete()), TestContext.Current.CancellationToken);
        return await chromium.Open(Given ?? _sample, width, height, scheme, media);
    }

    // A report given by name may lack figures; then a sentence stands where the chart would.
    private static async Task AssertDrawn(IPage page, string figure)
    {
        if (Given is not null && await page.Locator($"#{figure} > .missing").CountAsync() == 1)
            return;
        LocatorBoundingBoxResult? box = await page.Locator($"#{figure} > svg.chart").BoundingBoxAsync();
        Assert.True(box is { Width: > 250, Height: > 80 }, $"{figure} is not drawn");
        Assert.True(await page.Locator($"#{figure}-chart .mark, #{figure}-chart .bar, #{figure}-chart polyline").CountAsync() > 0, $"{figure} is an empty frame");
    }

    private static async Task Shoot(IPage page, int width, ColorScheme scheme)
    {
        if (Screenshots is null)
            return;
        Directory.CreateDirectory(Screenshots);
        string? name = (width, scheme) switch
        {
            (1200, ColorScheme.Light) => "report.png",
            (1200, ColorScheme.Dark) => "report-dark.png",
            (380, ColorScheme.Light) => "report-380.png",
            _ => null,
        };
        if (name is null)
            return;
        int height = width == 1200 ? 1700 : 900;
        await page.SetViewportSizeAsync(width, height);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, name), FullPage = width == 380 || scheme == ColorScheme.Dark });
    }

    private const string LinesOfACipher = """
        Math.max(...[...document.querySelectorAll('#links tbody td.parts')].map(d => {
          const range = document.createRange();
          range.selectNodeContents(d);
          return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size;
        }))
        """;

    private const string IsWhole = """
        word => {
          const texts = document.createTreeWalker(document.querySelector('header code'), NodeFilter.SHOW_TEXT);
          for (let text; (text = texts.nextNode());) {
            const at = text.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + word.length);
            return range.getClientRects().length === 1;
          }
          return false;
        }
        """;

    private const string SmallestLetters = """
        Math.min(...[...document.querySelectorAll('svg.chart text')].map(t =>
          parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.clientWidth / t.ownerSVGElement.viewBox.baseVal.width))
        """;

    private const string ClippedText = """
        width => [...document.querySelectorAll('svg.chart text')]
          .filter(t => { const r = t.getBoundingClientRect(); return r.left < 0 || r.right > width; }).map(t => t.textContent)
        """;

    // Two pixels of slack: a box of letters is taller than the letters.
    private const string OverlappingText = """
        [...document.querySelectorAll('svg.chart')].flatMap(svg => {
          const all = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
          return all.flatMap(([a, r], i) => all.slice(i + 1)
            .filter(([b, s]) => Math.min(r.right, s.right) - Math.max(r.left, s.left) > 2 && Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top) > 2)
            .map(([b]) => `${svg.id}: ${a} / ${b}`));
        })
        """;
}
