using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>
/// Readmission within 30 days of diabetic patients at 130 US hospitals, 1999 to 2008 (Clore, Cios, DeShazo and Strack, UCI Machine Learning
/// Repository, doi:10.24432/C5230J, CC BY 4.0), as members by the admitting physician's specialty.
/// </summary>
/// <remarks>
/// The file has no hospital column. Encounters that ended in death or in a hospice are left out, for they cannot be followed by another.
/// A patient's encounters stay on one side of the split. Features were chosen on training rows only; see docs/tables.md.
/// </remarks>
public static class DiabetesReadmissionSource
{
    /// <summary>The data set's name on the command line.</summary>
    public const string Name = "diabetes";

    /// <summary>The file that is read.</summary>
    public const string FileName = "diabetic_data.csv";

    private const string Remedy = "Name the folder with " + FileName + " of https://doi.org/10.24432/C5230J by --data.";
    private const string Label = "readmitted";
    private const string Patient = "patient_nbr";
    private const string Specialty = "medical_specialty";

    // Without these the AUC on rows held out of the training rows was the same or better.
    private static readonly string[] s_unused =
    [
        "race", "gender", "weight", "admission_type_id", "payer_code", "diag_3", "number_outpatient", "max_glu_serum", "metformin", "repaglinide",
        "nateglinide", "chlorpropamide", "glimepiride", "acetohexamide", "glipizide", "glyburide", "tolbutamide", "pioglitazone", "rosiglitazone",
        "acarbose", "miglitol", "troglitazone", "tolazamide", "examide", "citoglipton", "glyburide-metformin", "glipizide-metformin",
        "glimepiride-pioglitazone", "metformin-rosiglitazone", "metformin-pioglitazone", "change",
    ];

    /// <summary>Reads the data and deals it to seven members.</summary>
    /// <param name="folder">The folder that holds <see cref="FileName"/>.</param>
    /// <param name="seed">Any number; it decides the split into training and test rows.</param>
    /// <param name="progress">As for <see cref="TableSource.Prepare"/>.</param>
    /// <exception cref="DatasetUnavailableException">The file is not there or cannot be read.</exception>
    /// <exception cref="TableException">The file is not the one described.</exception>
    public static PreparedTable Read(string folder, long seed, Action<double>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new DatasetUnavailableException(Name, path, Remedy);
        RowRules rules = new(Label, "<30", Specialty, Patient, 0, seed)
        {
            SiteOf = MemberOf,
            ExclusionColumn = "discharge_disposition_id",
            ExcludedValues = new HashSet<string>(["11", "13", "14", "19", "20", "21"], StringComparer.Ordinal),
            ExclusionReason = "ended in death or a hospice",
        };
        return TablePreparation.Run("Diabetes 130-US hospitals: readmission within 30 days", CsvTable.Open(path), rules, [.. Specs()], progress);
    }

    private static string MemberOf(string specialty) => specialty switch
    {
        "?" => "unknown",
        "InternalMedicine" => "internal-medicine",
        "Emergency/Trauma" => "emergency",
        "Family/GeneralPractice" => "family-practice",
        "Cardiology" => "cardiology",
        _ when specialty.StartsWith("Surg", StringComparison.Ordinal) || specialty.StartsWith("Orthopedics", StringComparison.Ordinal) => "surgery",
        _ => "other-specialties",
    };

    private static IEnumerable<ColumnSpec> Specs()
    {
        static ColumnSpec Role(string column, string role, string does) => new(column, ColumnWish.Drop) { Role = role, Reason = does };
        static ColumnSpec Number(string column) => new(column, ColumnWish.Any);
        static ColumnSpec Log(string column) => new(column, ColumnWish.Any) { Scale = NumberScale.LogOnePlus };
        static ColumnSpec Category(string column) => new(column, ColumnWish.Category);
        static ColumnSpec Chapter(string column) => new(column, ColumnWish.Category) { Reading = CellReading.Icd9Chapter };

        yield return Role(Label, "label", "what is predicted");
        yield return Role(Specialty, "site", "its larger specialties are the members");
        yield return Role(Patient, "group", "its rows stay on one side of the split");
        yield return Role("encounter_id", "dropped", "an id");
        yield return new ColumnSpec("age", ColumnWish.Any) { Reading = CellReading.BandMiddle };
        yield return Category("age");
        yield return Category("discharge_disposition_id");
        yield return Category("admission_source_id");
        yield return Number("time_in_hospital");
        yield return Number("num_lab_procedures");
        yield return Number("num_procedures");
        yield return Number("num_medications");
        yield return Number("number_diagnoses");
        yield return Log("number_emergency");
        yield return Log("number_inpatient");
        yield return Chapter("diag_1");
        yield return Chapter("diag_2");
        yield return Category("A1Cresult");
        yield return Category("insulin");
        yield return Category("diabetesMed");
        foreach (string column in s_unused) yield return Role(column, "dropped", "of no use on held-out training rows");
    }
}
