using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.KeyManagement;

/// <summary>Keys as the standard sends them (key container data format): bytes in pinned memory, zeroed on dispose; a key is never a string.</summary>
internal sealed class EtsiKeyContainer : IDisposable
{
    private readonly byte[] _bytes;

    public EtsiKeyContainer(IReadOnlyList<DeliveredKey> keys)
    {
        byte[][] heads = [.. keys.Select((key, i) => Encoding.ASCII.GetBytes($"{(i == 0 ? "{\"keys\":[" : ",")}{{\"key_ID\":\"{key.Id}\",\"key\":\""))];
        ReadOnlySpan<byte> tail = "\"}"u8, end = "]}"u8;
        _bytes = GC.AllocateArray<byte>(
            heads.Sum(head => head.Length) + keys.Sum(key => Base64.GetMaxEncodedToUtf8Length(key.Secret.Length)) + keys.Count * tail.Length + end.Length, pinned: true);
        int written = 0;
        for (int i = 0; i < keys.Count; i++)
        {
            heads[i].CopyTo(_bytes, written);
            written += heads[i].Length;
            Base64.EncodeToUtf8(keys[i].Secret, _bytes.AsSpan(written), out _, out int encoded);
            written += encoded;
            tail.CopyTo(_bytes.AsSpan(written));
            written += tail.Length;
        }
        end.CopyTo(_bytes.AsSpan(written));
    }

    /// <summary>The JSON.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
