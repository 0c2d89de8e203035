namespace QuantumFed.Tables;

/// <summary>What the training rows hold in one column: 8 bytes per number, and each different text once.</summary>
internal sealed class ColumnProfile(ColumnSpec spec)
{
    private const int MaxTexts = 20_000;
    private const int MaxDateTexts = 1_000_000;

    private double[] _numbers = [];
    private int _numberCount;
    private double[] _commaNumbers = [];
    private int _commaCount;

    public ColumnSpec Spec { get; } = spec;

    public int RowCount { get; private set; }

    public int MissingCount { get; private set; }

    public int TextCount { get; private set; }

    /// <summary>Comma numbers whose comma may as well group thousands.</summary>
    public int ThousandsCount { get; private set; }

    /// <summary>Whether there were more different texts than are kept.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>The cells that are neither missing nor numbers.</summary>
    public LineReport TextLines { get; } = new();

    /// <summary>The cells that are numbers with a comma.</summary>
    public LineReport CommaLines { get; } = new();

    public Dictionary<string, int> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>The numbers in the order of the rows.</summary>
    public ReadOnlySpan<double> Numbers => _numbers.AsSpan(0, _numberCount);

    /// <summary>The numbers written with a comma.</summary>
    public ReadOnlySpan<double> CommaNumbers => _commaNumbers.AsSpan(0, _commaCount);

    public void Add(ReadOnlySpan<char> trimmed, int line)
    {
        RowCount++;
        ReadOnlySpan<char> text = CodedText.Read(trimmed, Spec.Reading);
        if (Cell.TryNumber(text, out double number))
        {
            Append(ref _numbers, ref _numberCount, number);
        }
        else if (Cell.IsMissing(text))
        {
            MissingCount++;
        }
        else if (Spec.Wish == ColumnWish.Any && Cell.TryCommaNumber(text, out number))
        {
            Append(ref _commaNumbers, ref _commaCount, number);
            CommaLines.Add(line);
            if (Cell.MayGroupThousands(text)) ThousandsCount++;
        }
        else
        {
            TextCount++;
            TextLines.Add(line);
            if (!IsOverfull) AddText(text);
        }
    }

    /// <summary>How often each different value occurs, numbers by their shortest form.</summary>
    public Dictionary<string, int> Values()
    {
        Dictionary<string, int> values = new(Texts, StringComparer.Ordinal);
        foreach (IGrouping<double, double> number in Numbers.ToArray().GroupBy(n => n))
            values[Cell.NumberText(number.Key)] = number.Count();
        return values;
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> counts = Texts.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> key = Cell.CategoryText(text, stackalloc char[Cell.MaxNumberLength]);
        counts.TryGetValue(key, out int count);
        counts[key] = count + 1;
        if (Texts.Count <= MaxTexts) return;
        // Times of day make many different texts of one column; as dates they are worth their memory.
        if (Texts.Count == MaxTexts + 1 && ColumnFit.DateFormOf(Texts, out _) is null) IsOverfull = true;
        if (Texts.Count > MaxDateTexts) IsOverfull = true;
        if (!IsOverfull) return;
        Texts.Clear();
        Texts.TrimExcess();
    }

    private static void Append(ref double[] numbers, ref int count, double number)
    {
        if (count == numbers.Length) Array.Resize(ref numbers, Math.Max(1024, count + count / 2));
        numbers[count++] = number;
    }
}
