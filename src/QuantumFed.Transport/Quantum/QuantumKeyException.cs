using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>A key manager gave no key or no answer.</summary>
public sealed class QuantumKeyException : Exception
{
    /// <summary>The longest <see cref="KeyManagerMessage"/>, in characters.</summary>
    public const int MaxKeyManagerMessageLength = 200;

    /// <summary>Sets the failure and a sentence for people.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="message">What happened; nothing secret.</param>
    /// <param name="keyManagerMessage">What the key manager said, as it came; cut and made printable here.</param>
    /// <param name="innerException">The cause.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="failure"/> is none of the failures.</exception>
    public QuantumKeyException(LinkFailure failure, string message, string? keyManagerMessage = null, Exception? innerException = null)
        : base(message, innerException)
    {
        if (!Enum.IsDefined(failure))
            throw new ArgumentOutOfRangeException(nameof(failure));
        Failure = failure;
        KeyManagerMessage = Printable(keyManagerMessage ?? "");
    }

    /// <summary>The failure.</summary>
    public LinkFailure Failure { get; }

    /// <summary>The key manager's own words: at most 200 printable ASCII characters, '?' for every other; empty if it said nothing.</summary>
    public string KeyManagerMessage { get; }

    // It ends up in logs and on terminals, and a stranger wrote it.
    private static string Printable(string text) =>
        string.Create(Math.Min(text.Length, MaxKeyManagerMessageLength), text, static (printable, from) =>
        {
            for (int i = 0; i < printable.Length; i++)
                printable[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
        });
}
