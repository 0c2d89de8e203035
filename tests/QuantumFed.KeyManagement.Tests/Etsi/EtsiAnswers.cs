using System.Net;
using System.Text;
using System.Text.Json;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Requests and answers of the interface as a program of somebody else would make and read them.</summary>
internal static class EtsiAnswers
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<(HttpStatusCode Status, JsonElement Body)> FetchAsync(this HttpClient client, string path) => client.AskAsync(HttpMethod.Get, path, null);

    public static Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(this HttpClient client, string path, string? json) => client.AskAsync(HttpMethod.Post, path, json ?? "");

    public static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(this HttpClient client, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.SendAsync(request, Token);
        string text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/json", $"{response.StatusCode}: {text}");
        return (response.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Fresh keys for sae-2 and perhaps others, by id.</summary>
    public static async Task<(string Id, byte[] Key)[]> ObtainAsync(this HttpClient client, string json, string slave = "sae-2")
    {
        (HttpStatusCode status, JsonElement body) = await client.SendAsync($"api/v1/keys/{slave}/enc_keys", json);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return KeysOf(body);
    }

    public static (string Id, byte[] Key)[] KeysOf(JsonElement body) =>
        [.. body.GetProperty("keys").EnumerateArray().Select(key => (key.GetProperty("key_ID").GetString()!, Convert.FromBase64String(key.GetProperty("key").GetString()!)))];

    public static string Ids(params IEnumerable<string> ids) => JsonSerializer.Serialize(new { key_IDs = ids.Select(id => new { key_ID = id }) });

    /// <summary>An error as the standard has it: a message, and what was said in it.</summary>
    public static void AssertError((HttpStatusCode Status, JsonElement Body) answer, HttpStatusCode status, string said)
    {
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body}");
        Assert.Contains(said, answer.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    public static async Task<long> StoredAsync(this HttpClient client, string slave = "sae-2") =>
        (await client.FetchAsync($"api/v1/keys/{slave}/status")).Body.GetProperty("stored_key_count").GetInt64();
}
