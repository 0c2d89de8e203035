using System.Text.Json;

namespace QuantumFed.Qkd.Tests;

/// <summary>gys_reference.json.</summary>
internal sealed record GysReference(
    double Kilometres, double QMu, double EMu, double QNu, double ENu, double Y1, double E1, double Y1Lower, double E1Upper, double RInfinite, double RVacuumWeak)
{
    public const double Mu = 0.48, Nu = 0.05, SiftedShare = 0.5, Efficiency = 1.22;

    public static IReadOnlyList<GysReference> Rows { get; } = Load();

    public static GysReference At(double kilometres) => Rows.Single(row => row.Kilometres == kilometres);

    private static GysReference[] Load()
    {
        using JsonDocument file = JsonDocument.Parse(VectorFile.Text("gys_reference.json"));
        return
        [
            .. file.RootElement.GetProperty("rows").EnumerateArray().Select(row => new GysReference(
                Of(row, "km"), Of(row, "Q_mu"), Of(row, "E_mu"), Of(row, "Q_nu"), Of(row, "E_nu"), Of(row, "Y1"), Of(row, "e1"), Of(row, "Y1_L"), Of(row, "e1_U"),
                Of(row, "R_inf"), Of(row, "R_vw"))),
        ];
    }

    private static double Of(JsonElement row, string name) => row.GetProperty(name).GetDouble();
}
