namespace QuantumFed.Learning;

/// <summary>What kind of patients a synthetic hospital discharges: the source of the cohorts' differences.</summary>
/// <param name="Rows">Discharges in the data set before jitter.</param>
/// <param name="MeanAge">Mean age in years.</param>
/// <param name="AgeDeviation">Standard deviation of the age in years.</param>
/// <param name="FemaleShare">Share of women.</param>
/// <param name="EmergencyShare">Share admitted as emergencies, at average frailty.</param>
/// <param name="PriorAdmissions">Mean number of admissions in the year before, at average frailty.</param>
/// <param name="Stay">Mean length of stay in days beyond the first.</param>
/// <param name="Comorbidity">Mean comorbidity index.</param>
/// <param name="Haemoglobin">Mean haemoglobin in g/dL.</param>
/// <param name="Creatinine">Median creatinine in mg/dL.</param>
/// <param name="Medications">Mean number of regular medications.</param>
internal sealed record HospitalProfile(
    int Rows, double MeanAge, double AgeDeviation, double FemaleShare, double EmergencyShare, double PriorAdmissions, double Stay,
    double Comorbidity, double Haemoglobin, double Creatinine, double Medications)
{
    /// <summary>The kinds, which hospitals take in turn.</summary>
    public static IReadOnlyList<HospitalProfile> Kinds { get; } =
    [
        // A referral centre: many patients, middle-aged and very ill.
        new(960, 58, 15, 0.46, 0.45, 1.5, 8.0, 3.8, 11.4, 1.35, 11),
        // A district hospital: the average of everything.
        new(660, 66, 16, 0.52, 0.55, 0.7, 4.5, 2.2, 12.8, 1.05, 7),
        // Geriatric medicine.
        new(420, 82, 7, 0.62, 0.72, 1.4, 9.5, 4.2, 11.3, 1.30, 12),
        // Planned surgery: healthy, short stays.
        new(540, 60, 13, 0.49, 0.18, 0.25, 3.2, 1.2, 13.5, 0.95, 5),
        // A small rural hospital.
        new(300, 71, 13, 0.50, 0.66, 0.9, 5.0, 2.7, 12.4, 1.10, 8),
        // Women's health and maternity: young.
        new(360, 38, 12, 0.93, 0.30, 0.4, 3.0, 0.8, 11.9, 0.75, 3),
    ];
}
