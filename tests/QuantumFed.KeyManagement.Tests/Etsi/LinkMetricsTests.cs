using System.Net.Http.Json;
using System.Text.Json;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>What monitoring is told of a link.</summary>
public sealed class LinkMetricsTests
{
    private static readonly KeyPoolStatus Pool = new(512, 1024, "26.5 % of the bits are wrong");

    [Fact]
    public void Blocks_are_counted_by_outcome_and_the_last_ones_figures_are_shown()
    {
        var figures = new LinkFigures("a \"link\"\\", "kme-a", isSimulated: true, TimeProvider.System, keysAreSecret: false);
        figures.Add(new LinkBlockFigures("Delivered", 0.03, 1000, 100, TimeSpan.FromSeconds(2)));
        figures.Add(new LinkBlockFigures("Aborted", 0.265, 2000, 0, TimeSpan.FromSeconds(4)));
        figures.Add(new LinkBlockFigures("Aborted", 0.25, 2000, 0, TimeSpan.FromSeconds(4)));
        figures.CountDelivered(3);
        figures.CountRefused(503);
        string[] lines = LinkMetrics.Text(figures, Pool).Split('\n');
        const string Labels = "{link=\"a \\\"link\\\"\\\\\",kme=\"kme-a\",simulated=\"true\"";
        foreach (string line in new[]
        {
            $"qf_link_stored_bits{Labels}}} 512", $"qf_link_capacity_bits{Labels}}} 1024", $"qf_link_keys_are_secret{Labels}}} 0", $"qf_link_alarm{Labels}}} 1",
            $"qf_link_delivered_keys_total{Labels}}} 3", $"qf_link_refused_requests_total{Labels},status=\"503\"}} 1",
            $"qf_link_blocks_total{Labels},outcome=\"Aborted\"}} 2", $"qf_link_blocks_total{Labels},outcome=\"Delivered\"}} 1",
            $"qf_link_qber{Labels}}} 0.25", $"qf_link_sifted_bits_per_second{Labels}}} 500", $"qf_link_secret_bits_per_second{Labels}}} 0",
        })
            Assert.Contains(line, lines);
        Assert.Equal(lines.Count(line => line.StartsWith("# HELP", StringComparison.Ordinal)), lines.Count(line => line.StartsWith("# TYPE", StringComparison.Ordinal)));
        Assert.Empty(lines[^1]);
    }

    [Fact]
    public void A_route_tells_its_nodes_and_no_error_rate()
    {
        var figures = new LinkFigures("route", "east", isSimulated: false, TimeProvider.System, path: "east > middle > west");
        figures.Add(new LinkBlockFigures("Delivered", 0, 0, 7936, TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain("qber", LinkMetrics.Text(figures, Pool), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(LinkMetrics.Json(figures, Pool));
        Assert.Equal("east > middle > west", json.RootElement.GetProperty("path").GetString());
        Assert.True(json.RootElement.GetProperty("keysAreSecret").GetBoolean());
    }

    [Fact]
    public async Task Any_party_of_the_consortium_may_read_them()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        HttpClient monitor = link.ClientOf("monitor", link.AtFirst);
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Contains("qf_link_stored_bits", await monitor.GetStringAsync(new Uri("metrics", UriKind.Relative), token), StringComparison.Ordinal);
        JsonElement json = await monitor.GetFromJsonAsync<JsonElement>(new Uri("quantumfed/v1/link", UriKind.Relative), token);
        Assert.Equal(("link-1", "kme-a", true), (json.GetProperty("link").GetString(), json.GetProperty("keyManager").GetString(), json.GetProperty("simulated").GetBoolean()));
    }
}
