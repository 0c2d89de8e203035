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

    private static readonly string[] s_medicines =
    [
        "metformin", "repaglinide", "nateglinide", "chlorpropamide", "glimepiride", "acetohexamide", "glipizide", "glyburide", "tolbutamide", "pioglitazone",
        "rosiglitazone", "acarbose", "miglitol", "troglitazone", "tolazamide", "examide", "citoglipton", "insulin", "glyburide-metformin",
        "glipizide-metformin", "glimepiride-pioglitazone", "metformin-rosiglitazone", "metformin-pioglitazone",
    ];

    /// <summary>Reads the data and deals it to seven members.</summary>
    /// <param name="folder">The folder that holds <see cref="FileName"/>.</param>
    /// <param name="seed">Any number; it decides the split into training and test rows.</param>
    /// <exception cref="DatasetUnavailableException">The file is not there or cannot be read.</exception>
    /// <exception cref="TableException">The file is not the one described.</exception>
    public static PreparedTable Read(string folder, long seed)
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
        return TablePreparation.Run("Diabetes 130-US hospitals: readmission within 30 days", CsvTable.Open(path), rules, [.. Specs()], null);
    }

    internal static string MemberOf(string specialty) => specialty switch
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
        ColumnSpec Drop(string column, string role, string reason) => new(column, ColumnWish.Drop) { Role = role, Reason = reason };
        ColumnSpec Number(string column) => new(column, ColumnWish.Any);
        ColumnSpec Log(string column) => new(column, ColumnWish.Any) { Scale = NumberScale.LogOnePlus };
        ColumnSpec Category(string column, int most = 20) => new(column, ColumnWish.Category) { MaxCategories = most };

        yield return Drop("encounter_id", "dropped", "an id");
        yield return Drop(Patient, "group", "its rows stay on one side of the split");
        yield return Category("race");
        yield return Category("gender");
        yield return new ColumnSpec("age", ColumnWish.Any) { Reading = CellReading.BandMiddle };
        yield return Category("age");
        yield return Drop("weight", "dropped", "missing in 97 of 100 rows");
        yield return Category("admission_type_id");
        yield return Category("discharge_disposition_id");
        yield return Category("admission_source_id");
        yield return Number("time_in_hospital");
        yield return Category("time_in_hospital");
        yield return Category("payer_code");
        yield return Category(Specialty);
        foreach (string count in (string[])["num_lab_procedures", "num_procedures", "num_medications"])
        {
            yield return Number(count);
            yield return Log(count);
        }

        foreach (string count in (string[])["number_outpatient", "number_emergency", "number_inpatient"])
        {
            yield return Log(count);
            yield return Category(count, 6);
        }

        foreach (string diagnosis in (string[])["diag_1", "diag_2", "diag_3"])
        {
            yield return new ColumnSpec(diagnosis, ColumnWish.Category) { Reading = CellReading.Icd9Chapter };
            yield return new ColumnSpec(diagnosis, ColumnWish.Category) { Reading = CellReading.Icd9Category, MaxCategories = 30 };
        }

        yield return Number("number_diagnoses");
        yield return Category("max_glu_serum");
        yield return Category("A1Cresult");
        foreach (string medicine in s_medicines) yield return Category(medicine);
        yield return Category("change");
        yield return Category("diabetesMed");
        yield return Drop(Label, "label", "what is predicted");
    }
}
