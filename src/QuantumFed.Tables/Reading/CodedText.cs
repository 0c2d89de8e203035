using System.Globalization;

namespace QuantumFed.Tables;

/// <summary>Carries out a <see cref="CellReading"/>.</summary>
internal static class CodedText
{
    // The chapters of ICD-9-CM, volume 1, by the first code after each. Diabetes (250) stands apart: every patient of such data has it.
    private static readonly (int End, string Name)[] s_chapters =
    [
        (140, "infection"), (240, "neoplasm"), (250, "endocrine"), (251, "diabetes"), (280, "endocrine"), (290, "blood"), (320, "mental"),
        (390, "nervous"), (460, "circulatory"), (520, "respiratory"), (580, "digestive"), (630, "genitourinary"), (680, "pregnancy"),
        (710, "skin"), (740, "musculoskeletal"), (760, "congenital"), (780, "perinatal"), (800, "symptoms"), (1000, "injury"),
    ];

    /// <summary>The text that the column's rule sees; a text that is not of the kind expected stays as it is.</summary>
    public static ReadOnlySpan<char> Read(ReadOnlySpan<char> trimmed, CellReading reading) => reading switch
    {
        CellReading.BandMiddle => MiddleOf(trimmed),
        CellReading.Icd9Chapter => ChapterOf(trimmed),
        CellReading.Icd9Category => CategoryOf(trimmed),
        _ => trimmed,
    };

    private static ReadOnlySpan<char> MiddleOf(ReadOnlySpan<char> cell)
    {
        ReadOnlySpan<char> band = cell.Trim("[]()");
        int dash = band.IndexOf('-');
        return dash > 0 && Cell.TryNumber(band[..dash], out double low) && Cell.TryNumber(band[(dash + 1)..], out double high)
            ? Cell.NumberText((low + high) / 2)
            : cell;
    }

    private static ReadOnlySpan<char> ChapterOf(ReadOnlySpan<char> code)
    {
        if (code is ['E' or 'e', >= '0' and <= '9', ..]) return "external cause";
        if (code is ['V' or 'v', >= '0' and <= '9', ..]) return "supplementary";
        if (!int.TryParse(CategoryOf(code), NumberStyles.None, CultureInfo.InvariantCulture, out int category) || category is < 1 or > 999) return code;
        return Array.Find(s_chapters, chapter => category < chapter.End).Name;
    }

    private static ReadOnlySpan<char> CategoryOf(ReadOnlySpan<char> code)
    {
        int point = code.IndexOf('.');
        return point > 0 ? code[..point] : code;
    }
}
