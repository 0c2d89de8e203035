using System.Buffers.Binary;
using System.Globalization;
using QuantumFed.Randomness;

namespace QuantumFed.Learning;

/// <summary>
/// A generator of synthetic discharges, labelled with whether the patient was readmitted within 30 days. Not derived from any patient.
/// </summary>
/// <remarks>
/// <para>Hospitals differ (non-IID) in size, case mix and so in prevalence: each takes one of six profiles in turn, moved a little at
/// random. Within a hospital a latent frailty makes features correlate. Labels are drawn from one logistic model over the raw features,
/// the same at every hospital, so the true probability of every row, and with it the best achievable AUC, is known, and a federation has
/// something to gain: each hospital sees one corner of it.</para>
/// <para>Hospital i depends on the seed and i only, not on how many others there are. A third of the rows, of each label, is for testing.
/// Values are rounded to the precision a clinic would record, so a last-bit difference between platforms in <see cref="Math.Exp"/>
/// practically never shows.</para>
/// </remarks>
public static class SyntheticReadmissionSource
{
    /// <summary>The data set's name on the command line.</summary>
    public const string Name = "synthetic";

    /// <summary>The most hospitals.</summary>
    public const int MaxMembers = 1000;

    private const int MinRowsPerClass = 6;
    private const int MaxDraws = 1000;

    private static readonly string[] Names =
        ["north", "riverside", "st-anne", "lakeside", "county", "hillcrest", "university", "harbour", "meadow", "eastgate"];

    // Feature, its weight in the true log-odds, and the value at which that term is 0.
    private static readonly (string Feature, double Weight, double Centre)[] Truth =
    [
        ("age", 0.020, 65),                // years
        ("female", -0.10, 0),              // 0 or 1
        ("emergency", 0.45, 0),            // 0 or 1
        ("prior_admissions", 0.38, 1),     // in the last year
        ("length_of_stay", 0.045, 5),      // days
        ("comorbidity_index", 0.20, 2.5),  // points
        ("sodium", -0.07, 138),            // mmol/L
        ("haemoglobin", -0.18, 12.5),      // g/dL
        ("creatinine", 0.40, 1.1),         // mg/dL
        ("medications", 0.04, 8),          // regular ones
    ];

    private const double LogOddsAtCentre = -1.75;

    /// <summary>The ten features, in order.</summary>
    public static IReadOnlyList<string> FeatureNames { get; } = Array.AsReadOnly(Array.ConvertAll(Truth, t => t.Feature));

    /// <summary>The name of the i-th hospital, counted from 0: ten names, then <c>hospital-11</c> and so on.</summary>
    public static string NameOf(int hospital)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hospital);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(hospital, MaxMembers);
        return hospital < Names.Length ? Names[hospital] : string.Create(CultureInfo.InvariantCulture, $"hospital-{hospital + 1}");
    }

    /// <summary>Generates cohorts; the same arguments always give the same ones.</summary>
    /// <param name="members">The number of hospitals, 1 to <see cref="MaxMembers"/>.</param>
    /// <param name="seed">Any number; public.</param>
    public static SyntheticReadmissions Generate(int members, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(members, MaxMembers);
        double intercept = LogOddsAtCentre;
        foreach ((_, double weight, double centre) in Truth) intercept -= weight * centre;
        LogisticModel truth = LogisticModel.Create(Array.ConvertAll(Truth, t => t.Weight), intercept);

        List<HospitalCohort> cohorts = [];
        List<double[]> probabilities = [];
        for (int i = 0; i < members; i++)
        {
            HospitalCohort cohort = GenerateHospital(i, seed, truth);
            cohorts.Add(cohort);
            probabilities.Add(truth.Probabilities(cohort.Test));
        }

        return new SyntheticReadmissions(cohorts.AsReadOnly(), probabilities.AsReadOnly(), truth);
    }

    private static HospitalCohort GenerateHospital(int hospital, long seed, LogisticModel truth)
    {
        Span<byte> seedBytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(seedBytes, seed);
        using RandomStream random = RandomStream.FromSeed(
            seedBytes, string.Create(CultureInfo.InvariantCulture, $"QuantumFed.Learning.SyntheticReadmission.v1/{hospital}"));

        HospitalProfile profile = Vary(HospitalProfile.Kinds[hospital % HospitalProfile.Kinds.Count], random);
        int d = Truth.Length;
        double[] values = new double[profile.Rows * d];
        byte[] labels = new byte[profile.Rows];
        for (int draw = 0; draw < MaxDraws; draw++)
        {
            for (int i = 0; i < profile.Rows; i++)
            {
                Span<double> row = values.AsSpan(i * d, d);
                DrawPatient(profile, random, row);
                labels[i] = random.NextDouble() < truth.Probability(row) ? (byte)1 : (byte)0;
            }

            // Profiles give at least a few dozen of each label; drawing again, which hardly ever happens, makes it certain.
            int positives = labels.Count(label => label == 1);
            if (Math.Min(positives, profile.Rows - positives) >= MinRowsPerClass)
                return Split(hospital, Dataset.Create(FeatureNames, values, labels), random);
        }

        throw new InvalidOperationException("A profile gives one label only.");
    }

    private static HospitalProfile Vary(HospitalProfile kind, RandomStream random)
    {
        double Around(double value) => value * (0.9 + 0.2 * random.NextDouble());
        return kind with
        {
            Rows = (int)Around(kind.Rows),
            MeanAge = kind.MeanAge + 4 * (random.NextDouble() - 0.5),
            EmergencyShare = Around(kind.EmergencyShare),
            PriorAdmissions = Around(kind.PriorAdmissions),
            Stay = Around(kind.Stay),
            Comorbidity = Around(kind.Comorbidity),
            Medications = Around(kind.Medications),
        };
    }

    private static void DrawPatient(HospitalProfile profile, RandomStream random, Span<double> row)
    {
        double frailty = random.NextGaussian();
        double age = Math.Round(Math.Clamp(profile.MeanAge + profile.AgeDeviation * random.NextGaussian(), 18, 102));
        bool female = random.NextDouble() < profile.FemaleShare;
        bool emergency = random.NextDouble() < Math.Clamp(profile.EmergencyShare + 0.12 * frailty, 0.02, 0.98);
        double burden = Math.Exp(0.35 * frailty);
        row[0] = age;
        row[1] = female ? 1 : 0;
        row[2] = emergency ? 1 : 0;
        row[3] = DrawPoisson(profile.PriorAdmissions * burden, random);
        row[4] = 1 + DrawPoisson(profile.Stay * Math.Exp(0.25 * frailty + 0.35 * random.NextGaussian()) * (emergency ? 1.1 : 0.9), random);
        row[5] = DrawPoisson(profile.Comorbidity * burden * (0.6 + 0.4 * age / profile.MeanAge), random);
        row[6] = Math.Round(Math.Clamp(139 - 0.8 * frailty - 0.03 * (age - 60) + 3.2 * random.NextGaussian(), 115, 155));
        row[7] = Tenths(Math.Clamp(profile.Haemoglobin - (female ? 0.5 : 0) - 0.4 * frailty + 1.6 * random.NextGaussian(), 5, 19));
        row[8] = Tenths(Math.Clamp(profile.Creatinine * Math.Exp(0.12 * frailty + 0.32 * random.NextGaussian()), 0.3, 12));
        row[9] = DrawPoisson(profile.Medications * Math.Exp(0.15 * frailty), random);
    }

    private static double Tenths(double value) => Math.Round(value * 10) / 10;

    /// <summary>Knuth, The Art of Computer Programming 2, 3.4.1, algorithm Q; capped at 60, far beyond these rates.</summary>
    private static int DrawPoisson(double rate, RandomStream random)
    {
        const int cap = 60;
        double limit = Math.Exp(-rate), product = random.NextDouble();
        int count = 0;
        while (product > limit && count < cap)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }

    /// <summary>A third of each label's rows for testing, chosen at random; both parts keep the order of the rows.</summary>
    private static HospitalCohort Split(int hospital, Dataset rows, RandomStream random)
    {
        List<int> train = [], test = [];
        for (byte label = 0; label <= 1; label++)
        {
            int[] ofLabel = [.. Enumerable.Range(0, rows.RowCount).Where(i => rows.Labels[i] == label)];
            random.Shuffle<int>(ofLabel);
            test.AddRange(ofLabel[..(ofLabel.Length / 3)]);
            train.AddRange(ofLabel[(ofLabel.Length / 3)..]);
        }

        train.Sort();
        test.Sort();
        return new HospitalCohort(NameOf(hospital), rows.Select(train.ToArray()), rows.Select(test.ToArray()));
    }
}
