using System.Net;
using System.Text.Json;
using static QuantumFed.KeyManagement.Tests.EtsiAnswers;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>What an ETSI GS QKD 014 server must hold to, over HTTPS with real certificates, from both ends of a link.</summary>
public sealed class EtsiServerTests
{
    private const string Enc = "api/v1/keys/sae-2/enc_keys", Dec = "api/v1/keys/sae-1/dec_keys";

    [Fact]
    public async Task Who_has_no_certificate_or_one_of_another_consortium_is_refused_before_anything_is_answered()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        foreach (HttpClient stranger in new[] { link.ClientOf(certificate: null, link.AtFirst), link.ClientOf(link.CertificateOf("sae-1", Consortium.OtherAuthority), link.AtFirst) })
            await Assert.ThrowsAsync<HttpRequestException>(() => stranger.FetchAsync("api/v1/keys/sae-2/status"));
        Assert.Equal(64, await link.Master.StoredAsync());
    }

    [Fact]
    public async Task A_party_of_the_consortium_that_is_no_application_here_is_refused_in_JSON()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        HttpClient other = link.ClientOf("hospital-9", link.AtFirst);
        foreach (string method in new[] { "status", "enc_keys", "dec_keys" })
            AssertError(await other.FetchAsync($"api/v1/keys/sae-2/{method}"), HttpStatusCode.Unauthorized, "no SAE of this key manager");
        // An application of the other end is none here either.
        AssertError(await link.ClientOf("sae-2", link.AtFirst).SendAsync(Enc, null), HttpStatusCode.Unauthorized, "no SAE of this key manager");
    }

    [Fact]
    public async Task Status_has_exactly_the_eleven_fields_and_numbers_are_numbers()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        (HttpStatusCode status, JsonElement body) = await link.Master.FetchAsync("api/v1/keys/sae-2/status");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["key_size", "master_SAE_ID", "max_SAE_ID_count", "max_key_count", "max_key_per_request", "max_key_size", "min_key_size", "slave_SAE_ID", "source_KME_ID", "stored_key_count", "target_KME_ID"],
            body.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("kme-a", "kme-b", "sae-1", "sae-2"),
            (Text("source_KME_ID"), Text("target_KME_ID"), Text("master_SAE_ID"), Text("slave_SAE_ID")));
        Assert.Equal(
            (256, 64, 1 << 20, 128, 8192, 64, 8),
            (Number("key_size"), Number("stored_key_count"), Number("max_key_count"), Number("max_key_per_request"), Number("max_key_size"), Number("min_key_size"), Number("max_SAE_ID_count")));

        string? Text(string name) => body.GetProperty(name).GetString();
        int Number(string name) => body.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task An_empty_POST_an_empty_object_and_a_bare_GET_each_give_one_key_of_the_usual_size()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        foreach (Task<(HttpStatusCode Status, JsonElement Body)> asked in new[] { link.Master.SendAsync(Enc, null), link.Master.SendAsync(Enc, "{}"), link.Master.FetchAsync(Enc) })
        {
            (HttpStatusCode status, JsonElement body) = await asked;
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(32, Assert.Single(KeysOf(body)).Key.Length);
        }
    }

    [Fact]
    public async Task A_query_for_3_keys_of_1024_bits_gives_three_keys_of_128_bytes()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        (HttpStatusCode status, JsonElement body) = await link.Master.FetchAsync($"{Enc}?number=3&size=1024");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([128, 128, 128], KeysOf(body).Select(key => key.Key.Length));
    }

    [Fact]
    public async Task Key_ids_are_unique_UUIDs_and_keys_are_padded_base64()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        (_, JsonElement body) = await link.Master.SendAsync(Enc, """{"number":10,"size":104}""");
        JsonElement[] keys = [.. body.GetProperty("keys").EnumerateArray()];
        Assert.Equal(10, keys.Select(key => Guid.ParseExact(key.GetProperty("key_ID").GetString()!, "D")).Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[A-Za-z0-9+/]{18}==$|^[A-Za-z0-9+/]{19}=$", key.GetProperty("key").GetString()));
        Assert.Equal(10, KeysOf(body).Select(key => Convert.ToHexString(key.Key)).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"number":0}""", "number shall be")]
    [InlineData("""{"number":129}""", "number shall be")]
    [InlineData("""{"number":-1}""", "number shall be")]
    [InlineData("""{"number":9223372036854775807}""", "number shall be")]
    [InlineData("""{"size":56}""", "size shall be 64 to 8192")]
    [InlineData("""{"size":8200}""", "size shall be 64 to 8192")]
    [InlineData("""{"size":0}""", "size shall be")]
    [InlineData("""{"size":-8}""", "size shall be")]
    public async Task A_number_or_size_beyond_the_limits_is_refused(string json, string said)
    {
        await using ServedLink link = await ServedLink.StartAsync();
        AssertError(await link.Master.SendAsync(Enc, json), HttpStatusCode.BadRequest, said);
        Assert.Equal(64, await link.Master.StoredAsync());
    }

    [Fact]
    public async Task A_size_of_13_is_refused_because_it_is_no_multiple_of_8()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        AssertError(await link.Master.SendAsync(Enc, """{"size":13}"""), HttpStatusCode.BadRequest, "size shall be a multiple of 8");
        AssertError(await link.Master.FetchAsync($"{Enc}?size=13"), HttpStatusCode.BadRequest, "size shall be a multiple of 8");
    }

    [Fact]
    public async Task An_unknown_mandatory_extension_is_refused_and_an_optional_one_is_not()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        AssertError(
            await link.Master.SendAsync(Enc, """{"extension_mandatory":[{"route":"direct"}]}"""), HttpStatusCode.BadRequest, "not all extension_mandatory parameters are supported");
        Assert.Single(await link.Master.ObtainAsync("""{"extension_optional":[{"route":"direct"}]}"""));
    }

    [Fact]
    public async Task Too_many_slaves_are_refused_and_with_several_both_get_identical_keys()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        string many = string.Join(',', Enumerable.Repeat("\"sae-3\"", 9));
        AssertError(await link.Master.SendAsync(Enc, $$"""{"additional_slave_SAE_IDs":[{{many}}]}"""), HttpStatusCode.BadRequest, "at most 8");
        AssertError(await link.Master.SendAsync(Enc, """{"additional_slave_SAE_IDs":["sae-2"]}"""), HttpStatusCode.BadRequest, "twice");
        AssertError(await link.Master.SendAsync(Enc, """{"additional_slave_SAE_IDs":["sae-9"]}"""), HttpStatusCode.BadRequest, "not known");

        (string id, byte[] key) = Assert.Single(await link.Master.ObtainAsync("""{"additional_slave_SAE_IDs":["sae-3"]}"""));
        HttpClient third = link.ClientOf("sae-3", link.AtSecond);
        foreach (HttpClient slave in new[] { link.Slave, third })
        {
            (HttpStatusCode status, JsonElement body) = await slave.SendAsync(Dec, Ids(id));
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(key, Assert.Single(KeysOf(body)).Key);
        }
        foreach (HttpClient slave in new[] { link.Slave, third })
            AssertError(await slave.SendAsync(Dec, Ids(id)), HttpStatusCode.BadRequest, "not found on KME");
    }

    [Fact]
    public async Task The_named_slave_gets_identical_bytes_under_the_same_ids_in_the_order_it_asks()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        (string Id, byte[] Key)[] keys = await link.Master.ObtainAsync("""{"number":4,"size":512}""");
        (string Id, byte[] Key)[] asked = [keys[2], keys[0], keys[3]];
        (HttpStatusCode status, JsonElement body) = await link.Slave.SendAsync(Dec, Ids(asked.Select(key => key.Id)));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(asked.Select(Hex), KeysOf(body).Select(Hex));
        (status, body) = await link.Slave.FetchAsync($"{Dec}?key_ID={keys[1].Id}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Hex(keys[1]), Hex(Assert.Single(KeysOf(body))));

        static string Hex((string Id, byte[] Key) key) => $"{key.Id} {Convert.ToHexString(key.Key)}";
    }

    [Fact]
    public async Task The_end_that_does_not_allot_is_a_master_too()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        (string id, byte[] key) = Assert.Single(await link.Slave.ObtainAsync("{}", slave: "sae-1"));
        (HttpStatusCode status, JsonElement body) = await link.Master.SendAsync("api/v1/keys/sae-2/dec_keys", Ids(id));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(key, Assert.Single(KeysOf(body)).Key);
    }

    [Fact]
    public async Task An_id_that_is_granted_to_others_refuses_the_whole_request_and_consumes_nothing()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        string mine = Assert.Single(await link.Master.ObtainAsync("{}")).Id, other = Assert.Single(await link.Master.ObtainAsync("{}", slave: "sae-3")).Id;
        AssertError(await link.Slave.SendAsync(Dec, Ids(mine, other)), HttpStatusCode.Unauthorized, "not granted");
        Assert.Equal(HttpStatusCode.OK, (await link.Slave.SendAsync(Dec, Ids(mine))).Status);
        Assert.Equal(HttpStatusCode.OK, (await link.ClientOf("sae-3", link.AtSecond).SendAsync(Dec, Ids(other))).Status);
    }

    [Fact]
    public async Task An_unknown_id_refuses_the_whole_request_and_consumes_nothing()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        string id = Assert.Single(await link.Master.ObtainAsync("{}")).Id;
        AssertError(
            await link.Slave.SendAsync(Dec, Ids(id, Guid.NewGuid().ToString())), HttpStatusCode.BadRequest, "one or more keys specified are not found on KME");
        Assert.Equal(HttpStatusCode.OK, (await link.Slave.SendAsync(Dec, Ids(id))).Status);
    }

    [Fact]
    public async Task A_delivered_key_is_gone_and_of_racing_requests_exactly_one_gets_it()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        string id = Assert.Single(await link.Master.ObtainAsync("{}")).Id;
        Assert.Equal(HttpStatusCode.OK, (await link.Slave.SendAsync(Dec, Ids(id))).Status);
        AssertError(await link.Slave.SendAsync(Dec, Ids(id)), HttpStatusCode.BadRequest, "not found on KME");
        for (int round = 0; round < 5; round++)
        {
            id = Assert.Single(await link.Master.ObtainAsync("{}")).Id;
            (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => link.Slave.SendAsync(Dec, Ids(id))));
            Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.BadRequest));
        }
    }

    [Fact]
    public async Task The_stored_key_count_falls_by_the_number_delivered_at_both_ends()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        await link.Master.ObtainAsync("""{"number":5}""");
        await link.Master.ObtainAsync("""{"size":512}""");
        Assert.Equal(64 - 5 - 2, await link.Master.StoredAsync());
        Assert.Equal(64 - 5 - 2, await link.Slave.StoredAsync("sae-1"));
    }

    [Fact]
    public async Task An_empty_pool_is_503_and_delivers_no_part()
    {
        await using ServedLink link = await ServedLink.StartAsync(units: 3);
        AssertError(await link.Master.SendAsync(Enc, """{"number":4}"""), HttpStatusCode.ServiceUnavailable, "more than the 768 bits that wait");
        Assert.Equal(3, await link.Master.StoredAsync());
        await link.Master.ObtainAsync("""{"number":3}""");
        (HttpStatusCode status, JsonElement body) = await link.Master.SendAsync(Enc, null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(body.TryGetProperty("details", out _));
        AssertError(await link.Slave.SendAsync("api/v1/keys/sae-1/enc_keys", null), HttpStatusCode.ServiceUnavailable, "more than the 0 bits");
    }

    [Fact]
    public async Task An_alarm_is_told_in_the_details_once_no_key_is_left()
    {
        await using ServedLink link = await ServedLink.StartAsync(units: 1);
        link.First.Alarm = "26.5 % of the bits are wrong";
        Assert.Single(await link.Master.ObtainAsync("{}"));
        (HttpStatusCode status, JsonElement body) = await link.Master.SendAsync(Enc, null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("26.5 %", body.GetProperty("details")[0].GetProperty("link_alarm").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"number\"")]
    [InlineData("""{"number":"3"}""")]
    [InlineData("""{"number":1.5}""")]
    [InlineData("""{"number":1e400}""")]
    [InlineData("""{"number":1,"number":2}""")]
    [InlineData("""{"size":[256]}""")]
    [InlineData("""{"additional_slave_SAE_IDs":"sae-3"}""")]
    [InlineData("""{"additional_slave_SAE_IDs":[3]}""")]
    [InlineData("""{"additional_slave_SAE_IDs":["\ud800"]}""")]
    [InlineData("""{"\ud800":1,"number":1.5}""")]
    [InlineData("""{"\ud800":1,"\ud800":2}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"extension_mandatory":{}}""")]
    [InlineData("""{"a":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}""")]
    public async Task Malformed_JSON_is_400_and_takes_nothing(string json)
    {
        await using ServedLink link = await ServedLink.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await link.Master.SendAsync(Enc, json)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await link.Slave.SendAsync(Dec, json)).Status);
        Assert.Equal(64, await link.Master.StoredAsync());
    }

    [Fact]
    public async Task Whatever_bytes_are_sent_the_answer_is_a_key_or_a_refusal_and_never_a_failure()
    {
        await using ServedLink link = await ServedLink.StartAsync(units: 2000);
        byte[] good = System.Text.Encoding.UTF8.GetBytes(
            """{"number":2,"size":128,"additional_slave_SAE_IDs":["sae-3"],"extension_mandatory":[],"key_IDs":[{"key_ID":"9b5c9c9e-2f4e-4f7a-8a39-3a1f5d9c2f11"}]}""");
        var random = new Random(14);
        for (int i = 0; i < 300; i++)
        {
            byte[] body = (byte[])good.Clone();
            for (int change = random.Next(1, 6); change > 0; change--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            body = body[..random.Next(random.Next(body.Length), body.Length + 1)];
            foreach ((HttpClient client, string path) in new[] { (link.Master, Enc), (link.Slave, Dec) })
            {
                using HttpResponseMessage response = await client.PostAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(body), TestContext.Current.CancellationToken);
                Assert.True(
                    response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{response.StatusCode} for {Convert.ToHexString(body)} at {path}");
            }
        }
    }

    [Theory]
    [InlineData("""{"key_IDs":[]}""")]
    [InlineData("""{"key_IDs":[{}]}""")]
    [InlineData("""{"key_IDs":[{"key_ID":7}]}""")]
    [InlineData("""{"key_IDs":["9b5c9c9e-2f4e-4f7a-8a39-3a1f5d9c2f11"]}""")]
    [InlineData("""{"key_IDs":[{"key_ID":"not-a-uuid"}]}""")]
    [InlineData("""{"key_IDs":[{"key_ID":"9b5c9c9e-2f4e-4f7a-8a39-3a1f5d9c2f11"},{"key_ID":"9B5C9C9E-2F4E-4F7A-8A39-3A1F5D9C2F11"}]}""")]
    public async Task Ids_that_are_none_or_come_twice_are_400(string json)
    {
        await using ServedLink link = await ServedLink.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await link.Slave.SendAsync(Dec, json)).Status);
    }

    [Fact]
    public async Task URL_encoded_SAE_ids_work_and_none_leaves_its_place_in_the_path()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await link.Master.FetchAsync("api/v1/keys/%73ae%2D2/status")).Status);
        AssertError(await link.Master.FetchAsync("api/v1/keys/..%2Fsae-2/status"), HttpStatusCode.BadRequest, "names no SAE");
        AssertError(await link.Master.FetchAsync("api/v1/keys/sae%2F2/status"), HttpStatusCode.BadRequest, "names no SAE");
        AssertError(await link.Master.FetchAsync("api/v1/keys/sae-9/status"), HttpStatusCode.BadRequest, "not known");
        AssertError(await link.Master.FetchAsync("api/v1/keys/sae-2"), HttpStatusCode.NotFound, "nothing at this path");
        AssertError(await link.Master.FetchAsync("api/v1/keys/sae-2/status/more"), HttpStatusCode.NotFound, "nothing at this path");
    }

    [Theory]
    [InlineData("number=1&number=2")]
    [InlineData("number=+1")]
    [InlineData("number=")]
    [InlineData("size=0x100")]
    [InlineData("size=256.0")]
    public async Task A_query_that_is_no_whole_number_is_400(string query)
    {
        await using ServedLink link = await ServedLink.StartAsync();
        AssertError(await link.Master.FetchAsync($"{Enc}?{query}"), HttpStatusCode.BadRequest, "shall be one whole number");
    }

    [Fact]
    public async Task Another_method_is_405_and_a_body_of_more_than_64_KiB_is_413()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        foreach (HttpMethod method in new[] { HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
            AssertError(await link.Master.AskAsync(method, Enc, "{}"), HttpStatusCode.MethodNotAllowed, "GET or POST");
        AssertError(await link.Master.SendAsync("api/v1/keys/sae-2/status", "{}"), HttpStatusCode.MethodNotAllowed, "GET");
        using var large = new ByteArrayContent(new byte[65 * 1024]);
        using HttpResponseMessage response = await link.Master.PostAsync(new Uri(Enc, UriKind.Relative), large, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(64, await link.Master.StoredAsync());
    }

    [Fact]
    public async Task When_the_other_end_is_away_no_key_is_given_and_none_is_lost()
    {
        await using ServedLink link = await ServedLink.StartAsync();
        await link.CutAsync();
        await link.First.Serving.ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        AssertError(await link.Master.SendAsync(Enc, null), HttpStatusCode.ServiceUnavailable, "cannot be reached");
        Assert.Equal(64, await link.Master.StoredAsync());
    }
}
