namespace QuantumFed.Tables;

/// <summary>What becomes of one source column: a closed set of cases.</summary>
public abstract record ColumnRecipe
{
    private ColumnRecipe(string source) => Source = source;

    /// <summary>The source column's name.</summary>
    public string Source { get; }

    /// <summary>The number of features it gives.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Writes the features of a cell; all are set.</summary>
    /// <returns><see langword="false"/> where the cell holds something that is not of the column's kind and so counts as missing, or a category
    /// that no training row had and so counts as the base.</returns>
    internal abstract bool Write(ReadOnlySpan<char> trimmed, Span<double> features);

    internal abstract void AddNames(FeatureNameList names);

    /// <summary>A number, the median where it is missing, and where <paramref name="IsFlagged"/> a 0/1 feature that says so.</summary>
    /// <param name="Source">The column.</param>
    /// <param name="Reading">What is done to the text first.</param>
    /// <param name="Scale">What is done to the number; the median is of numbers before it.</param>
    /// <param name="HasDecimalComma">Whether 3,5 is read as 3.5.</param>
    /// <param name="Median">The median of the training rows that have a value.</param>
    /// <param name="IsFlagged">Whether a value was missing in a training row.</param>
    public sealed record Number(string Source, CellReading Reading, NumberScale Scale, bool HasDecimalComma, double Median, bool IsFlagged) : ColumnRecipe(Source)
    {
        /// <inheritdoc/>
        public override int FeatureCount => IsFlagged ? 2 : 1;

        internal override bool Write(ReadOnlySpan<char> trimmed, Span<double> features)
        {
            ReadOnlySpan<char> text = CodedText.Read(trimmed, Reading);
            bool read = Cell.TryNumber(text, out double value) || (HasDecimalComma && Cell.TryCommaNumber(text, out value));
            features[0] = Scaled(read ? value : Median, Scale);
            if (IsFlagged) features[1] = read ? 0 : 1;
            return read || Cell.IsMissing(text);
        }

        internal override void AddNames(FeatureNameList names)
        {
            string scale = Scale == NumberScale.LogOnePlus ? " log" : "";
            names.Add(Source, scale);
            if (IsFlagged) names.Add(Source, scale + " missing");
        }

        private static double Scaled(double value, NumberScale scale)
            => scale == NumberScale.LogOnePlus ? Math.CopySign(Math.Log(1 + Math.Abs(value)), value) + 0.0 : value;
    }

    /// <summary>A date as days since 1970-01-01, the median where it is missing, and where <paramref name="IsFlagged"/> a 0/1 feature that says so.</summary>
    /// <param name="Source">The column.</param>
    /// <param name="Form">How dates are written.</param>
    /// <param name="Median">The median of the training rows that have a value, in days.</param>
    /// <param name="IsFlagged">Whether a value was missing in a training row.</param>
    public sealed record CalendarDate(string Source, DateForm Form, double Median, bool IsFlagged) : ColumnRecipe(Source)
    {
        /// <inheritdoc/>
        public override int FeatureCount => IsFlagged ? 2 : 1;

        internal override bool Write(ReadOnlySpan<char> trimmed, Span<double> features)
        {
            bool read = DateText.TryRead(trimmed, Form, out double days);
            features[0] = read ? days : Median;
            if (IsFlagged) features[1] = read ? 0 : 1;
            return read || Cell.IsMissing(trimmed);
        }

        internal override void AddNames(FeatureNameList names)
        {
            names.Add(Source, " days");
            if (IsFlagged) names.Add(Source, " missing");
        }
    }

    /// <summary>
    /// 0/1 features, one per category but the first, which is told by all of them being 0; where <paramref name="HasOther"/> one more for every
    /// other value, and where <paramref name="IsFlagged"/> one more for no value.
    /// </summary>
    /// <param name="Source">The column.</param>
    /// <param name="Reading">What is done to the text first.</param>
    /// <param name="Categories">At least one, no two alike: the most frequent in training rows first.</param>
    /// <param name="HasOther">Whether a training row had another value.</param>
    /// <param name="IsFlagged">Whether a value was missing in a training row.</param>
    public sealed record Category(string Source, CellReading Reading, IReadOnlyList<string> Categories, bool HasOther, bool IsFlagged) : ColumnRecipe(Source)
    {
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _places =
            Categories.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        /// <inheritdoc/>
        public override int FeatureCount => Categories.Count - 1 + (HasOther ? 1 : 0) + (IsFlagged ? 1 : 0);

        internal override bool Write(ReadOnlySpan<char> trimmed, Span<double> features)
        {
            features.Clear();
            ReadOnlySpan<char> text = Cell.CategoryText(CodedText.Read(trimmed, Reading), stackalloc char[Cell.MaxNumberLength]);
            if (_places.TryGetValue(text, out int place))
            {
                if (place > 0) features[place - 1] = 1;
            }
            else if (Cell.IsMissing(text))
            {
                if (IsFlagged) features[^1] = 1;
            }
            else if (HasOther)
            {
                features[Categories.Count - 1] = 1;
            }
            else
            {
                return false;
            }

            return true;
        }

        internal override void AddNames(FeatureNameList names)
        {
            foreach (string category in Categories.Skip(1)) names.Add(Source, "=" + category);
            if (HasOther) names.Add(Source, "=other");
            if (IsFlagged) names.Add(Source, " missing");
        }
    }

    /// <summary>No feature.</summary>
    /// <param name="Source">The column.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Dropped(string Source, string Reason) : ColumnRecipe(Source)
    {
        /// <inheritdoc/>
        public override int FeatureCount => 0;

        internal override bool Write(ReadOnlySpan<char> trimmed, Span<double> features) => true;

        internal override void AddNames(FeatureNameList names)
        {
        }
    }
}
