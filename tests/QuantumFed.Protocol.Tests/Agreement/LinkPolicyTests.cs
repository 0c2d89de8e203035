using System.Text;
using System.Text.Json.Nodes;

namespace QuantumFed.Protocol.Tests;

/// <summary>The policy of a quantum link: one text for each, and its place in the agreement's file.</summary>
public sealed class LinkPolicyTests
{
    public static TheoryData<string, LinkPolicyKind, int> Policies => new()
    {
        { "require", LinkPolicyKind.Require, 0 },
        { "allow-pq-only", LinkPolicyKind.AllowPostQuantumOnly, 0 },
        { "wait 1 s", LinkPolicyKind.Wait, 1 },
        { "wait 30 s", LinkPolicyKind.Wait, 30 },
        { "wait 3600 s", LinkPolicyKind.Wait, 3600 },
    };

    [Theory, MemberData(nameof(Policies))]
    public void A_policy_is_its_text(string text, LinkPolicyKind kind, int seconds)
    {
        LinkPolicy policy = LinkPolicy.Parse(text);
        Assert.Equal((kind, TimeSpan.FromSeconds(seconds)), (policy.Kind, policy.WaitTime));
        Assert.Equal(text, policy.ToString());
        LinkPolicy made = kind switch
        {
            LinkPolicyKind.Require => LinkPolicy.Require,
            LinkPolicyKind.Wait => LinkPolicy.Wait(TimeSpan.FromSeconds(seconds)),
            _ => LinkPolicy.AllowPostQuantumOnly,
        };
        Assert.Equal(policy, made);
        Assert.Equal(text, made.ToString());
    }

    [Fact]
    public void Every_wait_has_a_text_of_its_own()
    {
        string[] texts = [.. Enumerable.Range(1, 3600).Select(seconds => LinkPolicy.Wait(TimeSpan.FromSeconds(seconds)).ToString())];
        Assert.Equal(3600, texts.Distinct().Count());
        Assert.All(texts, text => Assert.Equal(text, LinkPolicy.Parse(text).ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pq-only")]
    [InlineData("Require")]
    [InlineData("require ")]
    [InlineData(" require")]
    [InlineData("wait")]
    [InlineData("wait  s")]
    [InlineData("wait s")]
    [InlineData("wait 0 s")]
    [InlineData("wait 030 s")]
    [InlineData("wait +30 s")]
    [InlineData("wait -1 s")]
    [InlineData("wait 30s")]
    [InlineData("wait 30 s ")]
    [InlineData("wait  30 s")]
    [InlineData("wait 30  s")]
    [InlineData("Wait 30 s")]
    [InlineData("wart 30 s")]
    [InlineData("wait 30 m")]
    [InlineData("wait 1.5 s")]
    [InlineData("wait 1e3 s")]
    [InlineData("wait 3601 s")]
    [InlineData("wait 99999999999 s")]
    [InlineData("wait \u0663 s")]
    [InlineData("allow-pq-only\n")]
    public void No_other_text_is_a_policy(string? text)
    {
        Assert.False(LinkPolicy.TryParse(text, out LinkPolicy? policy));
        Assert.Null(policy);
        Assert.Throws<FormatException>(() => LinkPolicy.Parse(text!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1500)]
    [InlineData(-1000)]
    [InlineData(3_601_000)]
    public void A_wait_is_1_to_3600_whole_seconds(int milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LinkPolicy.Wait(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void A_link_comes_back_from_the_agreements_bytes()
    {
        Requires.PostQuantum();
        LinkPolicy?[] links = [null, LinkPolicy.Require, LinkPolicy.Wait(TimeSpan.FromSeconds(30)), LinkPolicy.AllowPostQuantumOnly];
        ConsortiumAgreement agreement = Founding.Agreement(links: links);
        Assert.True(ConsortiumAgreement.TryParse(agreement.ToArray(), out ConsortiumAgreement? again, out _));
        Assert.Equal(links, again.Members.Select(member => member.Link));
        Assert.Equal(agreement.Digest, again.Digest);
        string json = Encoding.UTF8.GetString(agreement.ToArray());
        Assert.Equal("""{"policy":"wait 30 s"}""", JsonNode.Parse(json)!["members"]![2]!["quantumLink"]!.ToJsonString());
        Assert.Null(JsonNode.Parse(json)!["members"]![0]!["quantumLink"]);
        Assert.Equal(3, json.Split("quantumLink").Length - 1);
    }

    [Fact]
    public void Nobody_waits_for_a_key_longer_than_a_step_takes()
    {
        Requires.PostQuantum();
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Founding.Agreement(links: [LinkPolicy.Wait(TimeSpan.FromSeconds(31))]));
        Assert.Contains("'hospital-001' would wait 31 s", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agreement_without_links_does_not_mention_them()
    {
        Requires.PostQuantum();
        Assert.DoesNotContain("quantumLink", Encoding.UTF8.GetString(Founding.Agreement().ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_policy_is_another_agreement()
    {
        Requires.PostQuantum();
        LinkPolicy?[] policies = [null, LinkPolicy.Require, LinkPolicy.Wait(TimeSpan.FromSeconds(1)), LinkPolicy.Wait(TimeSpan.FromSeconds(2)), LinkPolicy.AllowPostQuantumOnly];
        Assert.Equal(policies.Length, policies.Select(policy => Founding.Agreement(links: [policy]).Digest).Distinct().Count());
    }

    [Fact]
    public void Its_bytes_do_not_change()
    {
        Requires.PostQuantum();
        Assert.Equal("4c2016514ae9abc42979e5086cf333cb74ed7a51c7c02382d71079a2601d0d8f", Founding.Agreement(links: [LinkPolicy.Require, LinkPolicy.Wait(TimeSpan.FromSeconds(30))]).Digest.ToString());
    }

    [Theory]
    [InlineData("null", "quantumLink")]
    [InlineData("\"require\"", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("{}", "policy")]
    [InlineData("{\"policy\": null}", "policy")]
    [InlineData("{\"policy\": 1}", "cannot be read")]
    [InlineData("{\"policy\": \"pq-only\"}", "'pq-only' is no link policy")]
    [InlineData("{\"policy\": \"wait 030 s\"}", "'wait 030 s' is no link policy")]
    [InlineData("{\"policy\": \"require\", \"waitSeconds\": 3}", "waitSeconds")]
    public void A_link_of_another_form_is_refused(string value, string sentence)
    {
        Requires.PostQuantum();
        string? failure = Founding.FailureAfter(json => AgreementFileTests.Set(json, "/members/1/quantumLink", value));
        Assert.NotNull(failure);
        Assert.Contains(sentence, failure, StringComparison.OrdinalIgnoreCase);
    }
}
