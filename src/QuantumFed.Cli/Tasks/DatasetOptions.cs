using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using QuantumFed.Learning;
using QuantumFed.Tables;

namespace QuantumFed.Cli;

/// <summary>The options by which a command's data is chosen.</summary>
internal sealed class DatasetOptions
{
    private const int DefaultMembers = 4;

    private readonly Option<string> _dataset = new("--dataset")
    {
        Description = "synthetic: generated hospital readmissions, needs nothing. heart: the four real hospitals of the UCI heart disease data. "
            + "diabetes: the UCI 130-hospital readmission file. csv: any table, with --csv and --label.",
        DefaultValueFactory = _ => SyntheticReadmissionSource.Name,
    };

    private readonly Option<string?> _folder = new("--data")
    {
        Description = "Folder of the files of heart or diabetes; without it data/NAME and ../shared/data/NAME are looked for.",
        HelpName = "DIR",
    };

    private readonly Option<int> _members = NumberOption.Whole(
        "--members", "How many hospitals, 3 to 16 (synthetic, and csv without --site).", DefaultMembers, 3, 16);

    private readonly Option<string?> _csv = new("--csv") { Description = "The table: a CSV file with a header.", HelpName = "FILE" };

    private readonly Option<string?> _label = new("--label") { Description = "The column to predict.", HelpName = "COLUMN" };

    private readonly Option<string?> _positive = new("--positive")
    {
        Description = "The label's value that counts as 1; all others count as 0.",
        HelpName = "VALUE",
    };

    private readonly Option<string?> _site = new("--site")
    {
        Description = "The column that says which hospital a row is of; without it rows are dealt to --members hospitals by the seed.",
        HelpName = "COLUMN",
    };

    private readonly Option<string?> _group = new("--group")
    {
        Description = "The column whose equal values stay on one side of the test split, such as a patient's number.",
        HelpName = "COLUMN",
    };

    private readonly Option<string[]> _drop = new("--drop")
    {
        Description = "Columns to leave out, separated by commas.",
        HelpName = "A,B",
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Seed of data, splits and training, never of keys.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long given))
                return given;
            result.AddError($"--seed takes a whole number of 64 bits, not '{result.Tokens[0].Value}'.");
            return 0;
        },
    };

    /// <summary>Adds the options and the rules between them.</summary>
    public void AddTo(Command command)
    {
        _dataset.AcceptOnlyFromAmong(SyntheticReadmissionSource.Name, HeartDiseaseSource.Name, DiabetesReadmissionSource.Name, DatasetChoice.CsvName);
        foreach (Option option in (Option[])[_dataset, _folder, _members, _csv, _label, _positive, _site, _group, _drop, _seed])
            command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <summary>What was chosen.</summary>
    public DatasetChoice Read(ParseResult parsed) => new(
        NameOf(parsed.CommandResult), parsed.GetValue(_folder), parsed.GetValue(_members), parsed.GetValue(_seed), parsed.GetValue(_csv),
        parsed.GetValue(_label), parsed.GetValue(_positive), parsed.GetValue(_site), parsed.GetValue(_group), parsed.GetValue(_drop) ?? []);

    private string NameOf(SymbolResult result)
    {
        // Validators run before defaults are filled in. A file that is given chooses its data set.
        if (result.GetResult(_dataset) is { Implicit: false })
            return result.GetValue(_dataset)!;
        return result.GetValue(_csv) is null ? SyntheticReadmissionSource.Name : DatasetChoice.CsvName;
    }

    private void Check(CommandResult result)
    {
        if (!result.AreReadable(result.Command.Options))
            return;
        string name = NameOf(result);
        bool table = name == DatasetChoice.CsvName, known = name == HeartDiseaseSource.Name || name == DiabetesReadmissionSource.Name;
        if (known && result.IsGiven(_members))
            result.AddError($"--members does not go with --dataset {name}: its hospitals are {(name == HeartDiseaseSource.Name ? "four" : "those of the file")}.");
        if (table && result.IsGiven(_site) && result.IsGiven(_members))
            result.AddError("--members does not go with --site: the column says which hospitals there are.");
        if (!known && result.IsGiven(_folder))
            result.AddError(table ? "--data does not go with --dataset csv: name the table with --csv." : $"--data does not go with --dataset {name}: its data is generated.");
        if (table && result.GetValue(_csv) is null)
            result.AddError("--dataset csv needs --csv FILE: the table.");
        if (table && result.GetValue(_label) is null)
            result.AddError("--dataset csv needs --label COLUMN: the column to predict.");
        foreach (Option option in (Option[])[_csv, _label, _positive, _site, _group, _drop])
        {
            if (!table && result.IsGiven(option))
                result.AddError($"{option.Name} does not go with --dataset {name}, only with csv.");
        }
    }
}
