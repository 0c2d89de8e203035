using System.Globalization;
using System.Text;

namespace QuantumFed.Protocol;

/// <summary>A member's word that its quantum link gave it no key in a round, and what it did about it: nothing is downgraded silently.</summary>
/// <param name="Plan">Digest of the plan's body.</param>
/// <param name="Outcome">What the member does in this round.</param>
/// <param name="Failure">Why there is no key.</param>
/// <param name="StoredKeys">Keys that the key manager said it holds for the link; null if it did not say.</param>
/// <param name="Detail">What the key manager said: printable, at most <see cref="MaxDetailSizeInBytes"/> bytes of UTF-8. <see cref="PrintableDetail"/> makes it so.</param>
public sealed record LinkReport(Digest Plan, LinkOutcome Outcome, LinkFailure Failure, uint? StoredKeys, string Detail) : IRecord<LinkReport>
{
    /// <summary>The most bytes of UTF-8 that <see cref="Detail"/> may have.</summary>
    public const int MaxDetailSizeInBytes = 200;

    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.LinkReport;

    /// <summary>What of a stranger's text a report may carry: what is not printable becomes '?', and what is beyond the size is cut off.</summary>
    public static string PrintableDetail(string said)
    {
        ArgumentNullException.ThrowIfNull(said);
        var kept = new StringBuilder();
        int size = 0;
        // Half a surrogate pair is enumerated as U+FFFD, which has an encoding.
        foreach (Rune rune in said.EnumerateRunes())
        {
            Rune printable = IsPrintable(rune) ? rune : new Rune('?');
            size += printable.Utf8SequenceLength;
            if (size > MaxDetailSizeInBytes)
                break;
            kept.Append(printable);
        }
        return kept.ToString();
    }

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer)
    {
        writer.Digest(Plan).Byte((byte)Outcome).Byte((byte)Failure);
        if (StoredKeys is { } stored)
            writer.Byte(1).UInt32(stored);
        else
            writer.Byte(0);
        writer.Text(Detail);
    }

    /// <inheritdoc/>
    public static LinkReport? Read(ref CanonicalReader reader)
    {
        (Digest plan, var outcome, var failure) = (reader.Digest(), (LinkOutcome)reader.Byte(), (LinkFailure)reader.Byte());
        byte present = reader.Byte();
        uint? stored = present == 1 ? reader.UInt32() : null;
        string detail = reader.Text();
        reader.Require(
            Enum.IsDefined(outcome) && Enum.IsDefined(failure) && present <= 1
            && Encoding.UTF8.GetByteCount(detail) <= MaxDetailSizeInBytes && detail.EnumerateRunes().All(IsPrintable));
        return new LinkReport(plan, outcome, failure, stored, detail);
    }

    // Auditors print it: no control characters for their terminals, no line breaks, nothing invisible that turns the text's direction.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
