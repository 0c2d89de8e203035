using System.Net.Http.Headers;

namespace QuantumFed.Ledger;

/// <summary>A bearer token kept in a file that somebody else renews. The token itself is in no message. Thread-safe.</summary>
internal sealed class RpcToken(string path)
{
    private const int MaxLength = 16 << 10;

    private volatile AuthenticationHeaderValue? _header;

    /// <summary>The header of a call; the file is read the first time, and whenever it is <paramref name="renew"/>ed.</summary>
    /// <exception cref="LedgerUnavailableException">The file cannot be read or holds no token.</exception>
    public AuthenticationHeaderValue Header(bool renew)
    {
        if (!renew && _header is { } known)
            return known;
        string token;
        try
        {
            token = new FileInfo(path).Length <= MaxLength ? File.ReadAllText(path).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerUnavailableException($"The ledger's token file {path} cannot be read: {e.Message}", e);
        }
        // RFC 6750's characters: anything else, a line break above all, would be another header.
        if (token.Length == 0 || !token.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c, StringComparison.Ordinal)))
            throw new LedgerUnavailableException($"The ledger's token file {path} does not hold a token.");
        return _header = new AuthenticationHeaderValue("Bearer", token);
    }
}
