using System.Globalization;
using QuantumFed.Qkd;

namespace QuantumFed.Cli;

/// <summary><see cref="QkdFigures"/> as a table.</summary>
internal static class QkdText
{
    public static string Of(QkdFigures figures)
    {
        var lines = new List<string>
        {
            "simulated link: no photon was sent",
            Line($"{figures.DistanceInKilometres} km of fibre, {figures.Pulses:N0} pulses; eavesdropper: {figures.Eavesdropper}{(figures.AttackedFraction is > 0 and < 1 ? Line($", of {figures.AttackedFraction:P0} of the pulses") : "")}"),
            figures.ChoicesAreSecret ? "bases, bits and intensities from the operating system" : $"seed {figures.Seed}: whoever knows it knows the key, which protects nothing",
            "",
            $"{"",-34} {"measured",14} {"theory, alone",14}",
        };
        foreach (QkdFigures.OfIntensity k in figures.Intensities)
            lines.Add(Row($"gain, {Name(k)}", Line($"{k.Gain:0.000e+0}"), Line($"{k.ExpectedGain:0.000e+0}")));
        foreach (QkdFigures.OfIntensity k in figures.Intensities)
            lines.Add(Row($"error rate, {Name(k)}", Line($"{k.QuantumBitErrorRate:P2}"), Line($"{k.ExpectedQuantumBitErrorRate:P2}")));
        lines.Add(Row("single photons: yield at least", Line($"{figures.SinglePhotonYield:0.000e+0}"), Line($"{figures.ExpectedSinglePhotonYield:0.000e+0}")));
        lines.Add(Row("  with fluctuations, at least", Line($"{figures.FiniteSinglePhotonYield:0.000e+0}"), ""));
        lines.Add(Row("single photons: errors at most", Line($"{figures.SinglePhotonErrorRate:P2}"), Line($"{figures.ExpectedSinglePhotonErrorRate:P2}")));
        lines.Add(Row("  with fluctuations, at most", Line($"{figures.PhaseErrorRate:P2}"), ""));
        lines.Add(Row("rate if endless, bits per signal", Line($"{figures.AsymptoticKeyRate:0.000e+0}"), Line($"{figures.ExpectedAsymptoticKeyRate:0.000e+0}")));
        lines.Add(Row("sifted bits", Line($"{figures.SiftedBits:N0}"), ""));
        lines.Add(Row("  of them wrong", Line($"{figures.KeyBasisErrorRate:P2}"), ""));
        lines.Add(Row("test bits, announced", Line($"{figures.TestBits:N0}"), ""));
        lines.Add(Row("reconciliation announces", Line($"{figures.LeakedBits:N0}"), ""));
        lines.Add(Row("key length, bits", Line($"{figures.KeyLengthInBits:N0}"), Line($"{figures.ExpectedKeyLengthInBits:N0}")));
        lines.Add(Row("rate, bits per pulse", Line($"{figures.KeyRate:0.000e+0}"), Line($"{(double)figures.ExpectedKeyLengthInBits / figures.Pulses:0.000e+0}")));
        lines.Add("");
        lines.Add(Verdict(figures));
        return string.Join('\n', lines);
    }

    /// <summary>Whether there is a key, and if not, why.</summary>
    public static string Verdict(QkdFigures figures) => figures.Abort switch
    {
        null => Line($"key: at most {figures.KeyLengthInBits:N0} bits may be taken from this transmission."),
        AbortReason.TooManyErrors => Line($"aborted: {figures.KeyBasisErrorRate:P2} of the sifted bits are wrong, more than {LinkEstimate.MostQuantumBitErrorRate:P0}; no key."),
        AbortReason.NoSinglePhotons => "aborted: the decoys do not show that any single photon came through; no key.",
        _ => "aborted: after reconciliation and privacy amplification nothing would be left; no key.",
    };

    private static string Name(QkdFigures.OfIntensity k) =>
        Line($"{(k.Intensity switch { Intensity.Signal => "signal", Intensity.Weak => "weak decoy", _ => "vacuum" })} ({k.MeanPhotonNumber})");

    private static string Row(string what, string measured, string theory) => $"{what,-34} {measured,14} {theory,14}".TrimEnd();

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
