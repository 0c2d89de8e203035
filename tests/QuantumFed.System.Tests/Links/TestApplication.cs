using System.Net;
using System.Net.Http;
using System.Text.Json;

namespace QuantumFed.System.Tests;

/// <summary>An application (SAE) that speaks ETSI GS QKD 014 by any HTTP client.</summary>
internal sealed class TestApplication(HttpClient http) : IDisposable
{
    /// <summary>Asks for a fresh key.</summary>
    /// <returns>The status, and the key with its id where it is 200.</returns>
    public Task<(HttpStatusCode Status, string Id, string Key)> ObtainAsync(string slave) => KeyAsync($"/api/v1/keys/{slave}/enc_keys");

    /// <summary>Fetches the key of that id.</summary>
    public Task<(HttpStatusCode Status, string Id, string Key)> RetrieveAsync(string master, string id) => KeyAsync($"/api/v1/keys/{master}/dec_keys?key_ID={id}");

    /// <summary>Asks for anything.</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => http.Dispose();

    private async Task<(HttpStatusCode Status, string Id, string Key)> KeyAsync(string path)
    {
        (HttpStatusCode status, string body) = await GetAsync(path);
        if (status != HttpStatusCode.OK)
            return (status, "", body);
        JsonElement key = Assert.Single(JsonDocument.Parse(body).RootElement.GetProperty("keys").EnumerateArray());
        return (status, key.GetProperty("key_ID").GetString()!, key.GetProperty("key").GetString()!);
    }
}
