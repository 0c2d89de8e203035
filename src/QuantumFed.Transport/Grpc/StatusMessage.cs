using System.Globalization;
using System.Text;

namespace QuantumFed.Transport;

/// <summary>grpc-message: UTF-8, then everything outside 0x20 to 0x7E and '%' percent-encoded ("gRPC over HTTP/2", Responses).</summary>
internal static class StatusMessage
{
    public static string Encode(string detail)
    {
        StringBuilder text = new(detail.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(detail))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return text.ToString();
    }

    /// <summary>Never fails: what is not an encoding stays as it is, what is not UTF-8 becomes U+FFFD.</summary>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('%', StringComparison.Ordinal))
            return encoded;
        byte[] raw = Encoding.UTF8.GetBytes(encoded);
        byte[] bytes = new byte[raw.Length];
        int length = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '%' && i + 2 < raw.Length && char.IsAsciiHexDigit((char)raw[i + 1]) && char.IsAsciiHexDigit((char)raw[i + 2]))
            {
                bytes[length++] = Convert.FromHexString([(char)raw[i + 1], (char)raw[i + 2]])[0];
                i += 2;
            }
            else
            {
                bytes[length++] = raw[i];
            }
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
