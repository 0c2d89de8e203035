using System.Diagnostics;
using System.Text.Json;

namespace QuantumFed.System.Tests;

/// <summary>A stranger's client at a running link: curl with the same OpenSSL.</summary>
public sealed class LinkCurlTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Curl_with_a_partys_certificate_takes_a_key_and_reads_status_and_metrics_and_without_one_nothing()
    {
        string library = Path.Combine(Requires.OpenSslPrefix(), "lib");
        await RequireCurlAsync(library);
        using TestLink link = new();
        await using QfRun run = link.Start(TestLink.Both);
        await run.LineAsync("bits of key in", Token);
        string north = $"https://{link.Settings.Transmitter.Listen}", coordinator = $"https://{link.Settings.Receiver.Listen}";

        JsonElement key = Json(await CurlAsync(library, [.. Certificate(link, TestLink.North), $"{north}/api/v1/keys/coordinator/enc_keys"]), "200").GetProperty("keys")[0];
        string retrieve = $$"""{"key_IDs":[{"key_ID":"{{key.GetProperty("key_ID").GetString()}}"}]}""";
        JsonElement same = Json(
            await CurlAsync(library, [.. Certificate(link, TestLink.Coordinator), "-H", "content-type: application/json", "-d", retrieve, $"{coordinator}/api/v1/keys/north/dec_keys"]),
            "200").GetProperty("keys")[0];
        Assert.Equal(key.GetProperty("key").GetString(), same.GetProperty("key").GetString());

        JsonElement status = Json(await CurlAsync(library, [.. Certificate(link, TestLink.North), $"{north}/api/v1/keys/coordinator/status"]), "200");
        Assert.Equal("kme-north", status.GetProperty("source_KME_ID").GetString());
        Assert.Equal("kme-coordinator", status.GetProperty("target_KME_ID").GetString());
        (int code, string metrics) = await CurlAsync(library, [.. Certificate(link, TestLink.North), $"{north}/metrics"]);
        Assert.Equal(0, code);
        Assert.Contains("qf_link_alarm{link=\"north-coordinator\",kme=\"kme-north\",simulated=\"true\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("qf_link_delivered_keys_total{link=\"north-coordinator\",kme=\"kme-north\",simulated=\"true\"} 1\n", metrics, StringComparison.Ordinal);

        // A member of the consortium that is no application of this link may look at the metrics and at nothing else.
        Json(await CurlAsync(library, [.. Certificate(link, "south"), $"{north}/api/v1/keys/coordinator/enc_keys"]), "401");
        // Without a certificate of the consortium there is no HTTP.
        string root = Path.Combine(link.Party(TestLink.North), "ca.crt");
        foreach (string path in (string[])["/api/v1/keys/coordinator/enc_keys", "/api/v1/keys/coordinator/status", "/metrics"])
        {
            Refused(await CurlAsync(library, ["--cacert", root, north + path]));
            Refused(await CurlAsync(library, ["--cacert", root, .. Own(link, "stranger"), north + path]));
        }
    }

    private static void Refused((int Code, string Output) curl)
    {
        Assert.NotEqual(0, curl.Code);
        Assert.EndsWith("000", curl.Output, StringComparison.Ordinal);
        Assert.Equal("000", curl.Output.Trim());
    }

    private static JsonElement Json((int Code, string Output) curl, string status)
    {
        Assert.True(curl.Code == 0 && curl.Output.EndsWith("\n" + status, StringComparison.Ordinal), $"{curl.Code}: {curl.Output}");
        return JsonDocument.Parse(curl.Output[..^status.Length]).RootElement;
    }

    private static string[] Certificate(TestLink link, string party) => ["--cacert", Path.Combine(link.Party(party), "ca.crt"), .. Own(link, party)];

    private static string[] Own(TestLink link, string party) =>
        ["--cert", Path.Combine(link.Party(party), "tls.crt"), "--key", Path.Combine(link.Party(party), "tls.key")];

    private static async Task RequireCurlAsync(string library)
    {
        string? curl = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "curl")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(curl is null, "needs curl");
        (int code, string version) = await CurlAsync(library, ["--version"]);
        // What libcurl is bound to; another TLS library, or an OpenSSL linked into it, is not this one.
        Assert.SkipUnless(code == 0 && version.Contains(" OpenSSL/3.5", StringComparison.Ordinal), $"needs a curl that takes the OpenSSL of {library}; this one is {version.Split('\n')[0]}");
    }

    private static async Task<(int Code, string Output)> CurlAsync(string library, string[] arguments)
    {
        ProcessStartInfo start = new("curl", ["--silent", "--max-time", "150", "--write-out", "\n%{http_code}", .. arguments]) { RedirectStandardOutput = true };
        start.Environment["LD_LIBRARY_PATH"] = library;
        start.Environment.Remove("OPENSSL_CONF");
        using Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Most);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output);
    }
}
