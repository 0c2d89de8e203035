using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace QuantumFed.Transport.Tests;

/// <summary>A pool of keys that one key manager of the tests serves to both ends of a link, as the standard says.</summary>
internal sealed class FakeLink(int keys)
{
    private readonly ConcurrentDictionary<QuantumKeyId, byte[]> _handedOut = new();
    private int _stored = keys;

    /// <summary>The requests that came: method, path and body.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public async Task AnswerAsync(HttpContext call)
    {
        using StreamReader reader = new(call.Request.Body);
        string body = await reader.ReadToEndAsync(call.RequestAborted);
        string path = call.Request.Path;
        Requests.Enqueue($"{call.Request.Method} {path} {call.Request.ContentType} {body}".TrimEnd());
        if (path.EndsWith("/status", StringComparison.Ordinal))
        {
            await FakeKeyManager.WriteAsync(call, 200, $$"""
                {"source_KME_ID":"kme-1","target_KME_ID":"kme-2","master_SAE_ID":"{{Consortium.MemberName}}","slave_SAE_ID":"{{path.Split('/')[4]}}","key_size":256,
                "stored_key_count":{{_stored}},"max_key_count":1000,"max_key_per_request":128,"max_key_size":1024,"min_key_size":64,"max_SAE_ID_count":0}
                """);
        }
        else if (path.EndsWith("/enc_keys", StringComparison.Ordinal))
        {
            await ObtainAsync(call);
        }
        else
        {
            using JsonDocument request = JsonDocument.Parse(body);
            QuantumKeyId id = QuantumKeyId.Parse(request.RootElement.GetProperty("key_IDs")[0].GetProperty("key_ID").GetString()!);
            await (_handedOut.TryRemove(id, out byte[]? key)
                ? FakeKeyManager.WriteAsync(call, 200, FakeKeyManager.Container(id, key))
                : FakeKeyManager.WriteAsync(call, 400, """{"message":"one or more keys specified are not found on KME"}"""));
        }
    }

    private Task ObtainAsync(HttpContext call)
    {
        if (Interlocked.Decrement(ref _stored) < 0)
        {
            Interlocked.Increment(ref _stored);
            return FakeKeyManager.WriteAsync(call, 503, """{"message":"not enough keys","details":[{"stored_key_count":0}]}""");
        }
        QuantumKeyId id = FakeKeyManager.NewId();
        byte[] key = RandomNumberGenerator.GetBytes(32);
        _handedOut[id] = key;
        return FakeKeyManager.WriteAsync(call, 200, FakeKeyManager.Container(id, key));
    }
}
