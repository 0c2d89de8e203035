using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QuantumFed.KeyManagement;

/// <summary>A link's figures for a monitoring system (Prometheus text format 0.0.4) and for people (JSON).</summary>
internal static class LinkMetrics
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static string Text(LinkFigures figures, KeyPoolStatus pool)
    {
        var (blocks, refused, last, lastTime) = figures.Read();
        string labels = $"link=\"{Escaped(figures.Link)}\",kme=\"{Escaped(figures.KeyManager)}\",simulated=\"{(figures.IsSimulated ? "true" : "false")}\"";
        var text = new StringBuilder();
        Family("stored_bits", "gauge", "Bits of key that wait.", ("", pool.StoredBits));
        Family("capacity_bits", "gauge", "Bits of key that can wait.", ("", pool.CapacityBits));
        Family("keys_are_secret", "gauge", "0 for a link that is simulated from a seed: its keys repeat and protect nothing.", ("", figures.KeysAreSecret ? 1 : 0));
        Family("alarm", "gauge", "1 while the link brings no new key.", ("", pool.Alarm is null ? 0 : 1));
        Family("delivered_keys_total", "counter", "Keys handed to applications at this end.", ("", figures.DeliveredKeys));
        Family("refused_requests_total", "counter", "Requests of applications that were refused.", [.. refused.Select(pair => ($",status=\"{pair.Key}\"", (double)pair.Value))]);
        Family("blocks_total", "counter", "Blocks by how they ended.", [.. blocks.Select(pair => ($",outcome=\"{Escaped(pair.Key)}\"", (double)pair.Value))]);
        if (last is not null && lastTime is { } at)
        {
            double seconds = Math.Max(last.Duration.TotalSeconds, 1e-9);
            // A route over trusted nodes has no light of its own.
            if (figures.Path is null)
            {
                Family("qber", "gauge", "Share of bits that were wrong in the last block.", ("", last.Qber));
                Family("sifted_bits_per_second", "gauge", "Sifted bits by the last block's time.", ("", last.SiftedBits / seconds));
            }
            Family("secret_bits_per_second", "gauge", "Bits of key by the last block's time.", ("", last.SecretBits / seconds));
            Family("last_block_timestamp_seconds", "gauge", "When the last block ended, Unix time.", ("", at.ToUnixTimeMilliseconds() / 1000.0));
        }
        return text.ToString();

        void Family(string name, string type, string help, params (string Labels, double Value)[] samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP qf_link_{name} {help}\n# TYPE qf_link_{name} {type}\n");
            foreach ((string more, double value) in samples)
                text.Append(CultureInfo.InvariantCulture, $"qf_link_{name}{{{labels}{more}}} {value:R}\n");
        }
    }

    public static byte[] Json(LinkFigures figures, KeyPoolStatus pool)
    {
        var (blocks, refused, last, lastTime) = figures.Read();
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                figures.Link,
                figures.KeyManager,
                Simulated = figures.IsSimulated,
                figures.KeysAreSecret,
                figures.Path,
                pool.Alarm,
                pool.StoredBits,
                pool.CapacityBits,
                figures.DeliveredKeys,
                RefusedRequests = refused.ToDictionary(pair => pair.Key.ToString(CultureInfo.InvariantCulture), pair => pair.Value),
                Blocks = blocks,
                LastBlock = last is null ? null : new { last.Outcome, last.Qber, last.SiftedBits, last.SecretBits, Seconds = last.Duration.TotalSeconds, Ended = lastTime },
            },
            Options);
    }

    // Text format 0.0.4: backslash, quote and line feed are escaped in a label's value.
    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
