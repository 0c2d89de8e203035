using System.Net;
using System.Text.Json;
using QuantumFed.Node;
using QuantumFed.Qkd;

namespace QuantumFed.System.Tests;

/// <summary>Somebody on the fibre: no key, an alarm that says so, and keys again when the fibre is clean.</summary>
public sealed class LinkAlarmTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("intercept-resend", "% of the bits are wrong, more than 11 %: an eavesdropper, or a fault")]
    [InlineData("photon-number-splitting", "the decoys show no single photons: an eavesdropper splits photon numbers, or a fault")]
    public async Task An_eavesdropper_leaves_no_key_and_an_alarm_until_the_fibre_is_clean(string attack, string reason)
    {
        using TestLink link = new(settings => settings with { Fibre = settings.Fibre with { Eavesdropper = attack } });
        using TestApplication north = link.ApplicationOf(TestLink.North), coordinator = link.ApplicationOf(TestLink.Coordinator);
        await using (QfRun tapped = link.Start(TestLink.Both))
        {
            await tapped.LineAsync("Receiver: ALARM", Token);
            Assert.Contains(reason, await tapped.LineAsync("Transmitter: ALARM, no new key: ", Token), StringComparison.Ordinal);
            foreach ((TestApplication application, string slave, string end) in Applications())
            {
                (HttpStatusCode status, _, string body) = await application.ObtainAsync(slave);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
                JsonElement refusal = JsonDocument.Parse(body).RootElement;
                Assert.Contains(reason, Assert.Single(refusal.GetProperty("details").EnumerateArray()).GetProperty("link_alarm").GetString(), StringComparison.Ordinal);
                string metrics = (await application.GetAsync("/metrics")).Body;
                Assert.Contains($"qf_link_alarm{{link=\"north-coordinator\",kme=\"{end}\",simulated=\"true\"}} 1\n", metrics, StringComparison.Ordinal);
                Assert.Contains($"qf_link_stored_bits{{link=\"north-coordinator\",kme=\"{end}\",simulated=\"true\"}} 0\n", metrics, StringComparison.Ordinal);
                Assert.Contains("outcome=\"Aborted\"", metrics, StringComparison.Ordinal);
            }
            tapped.Signal(ProcessTable.Terminate);
            (await tapped.EndAsync(Token)).Ended(0);
        }

        link.Write(link.Settings with { Fibre = link.Settings.Fibre with { Eavesdropper = Eavesdroppers.None } });
        await using QfRun clean = link.Start(TestLink.Both);
        await Task.WhenAll(clean.LineAsync("Receiver: block", Token), clean.LineAsync("Transmitter: block", Token));
        foreach ((TestApplication application, string slave, string end) in Applications())
        {
            (HttpStatusCode status, _, string key) = await application.ObtainAsync(slave);
            Assert.True(status == HttpStatusCode.OK, key);
            Assert.Contains(
                $"qf_link_alarm{{link=\"north-coordinator\",kme=\"{end}\",simulated=\"true\"}} 0\n", (await application.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        }

        (TestApplication, string, string)[] Applications() => [(north, TestLink.Coordinator, "kme-north"), (coordinator, TestLink.North, "kme-coordinator")];
    }
}
