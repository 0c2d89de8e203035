using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>The labels of a transcript's objects.</summary>
public static class TranscriptLabels
{
    /// <summary>The signed plan.</summary>
    public const string Plan = "plan";

    /// <summary>The signed closing.</summary>
    public const string Closing = "closing";

    /// <summary>The signed outcome; absent where the sum did not decode.</summary>
    public const string Outcome = "outcome";

    /// <summary>The next model's bytes; absent where the sum did not decode.</summary>
    public const string Model = "model";

    /// <summary>The round's metadata; absent where the sum did not decode.</summary>
    public const string Metadata = "metadata";

    /// <summary>A committee member's signed round key.</summary>
    public static string RoundKey(MemberId member) => $"round-key/{member}";

    /// <summary>A participant's signed manifest.</summary>
    public static string Manifest(MemberId member) => $"manifest/{member}";

    /// <summary>A participant's ciphertext.</summary>
    public static string Ciphertext(MemberId member) => $"ciphertext/{member}";

    /// <summary>The signed header of the seal that a participant's update came under, where the agreement gives it a quantum link.</summary>
    public static string Seal(MemberId member) => $"seal/{member}";

    /// <summary>A committee member's signed share report.</summary>
    public static string ShareReport(MemberId member) => $"share-report/{member}";

    /// <summary>A committee member's signed key sum share.</summary>
    public static string KeySum(MemberId member) => $"key-sum/{member}";

    /// <summary>A member's signed report that its quantum link gave it no key.</summary>
    public static string LinkReport(MemberId member) => $"link-report/{member}";
}
