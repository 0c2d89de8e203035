using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The options by which a command's model and method are chosen.</summary>
internal sealed class TrainingOptions
{
    private static readonly string[] Methods = [.. Enum.GetNames<TrainingMethod>().Select(name => name.ToLowerInvariant())];
    private static readonly string[] Models = ["logistic", "softmax", "mlp"];

    private readonly Option<string?> _algorithm = new("--algorithm")
    {
        Description = "newton: exact Newton-Raphson on encrypted gradient and Hessian sums (logistic only). fedavg: averaging of encrypted weighted updates. "
            + "fedprox: with a proximal term. fedadam, fedyogi: with Adam or Yogi at the coordinator. scaffold: with control variates. "
            + "Default: newton for a logistic model, fedavg for others.",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "logistic, softmax or mlp (a multilayer perceptron). Default: logistic, or softmax for more than two classes.",
    };

    private readonly Option<int[]?> _hidden = new("--hidden")
    {
        Description = "Units of the hidden layers of mlp, one or two numbers such as 64 or 64,32. Default 32.",
        HelpName = "A,B",
        CustomParser = result =>
        {
            string[] texts = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
            int[] widths = [.. texts.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? width : 0)];
            if (widths.Length <= ModelShape.MaxHiddenLayers && widths.All(width => width is >= 1 and <= ModelShape.MaxHiddenWidth))
                return widths;
            result.AddError($"--hidden takes one or two numbers from 1 to {ModelShape.MaxHiddenWidth}, such as 64,32, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private readonly Option<string> _standardise = new("--standardise")
    {
        Description = "federated: features are scaled by encrypted joint sums, in a round before the others. centre: each hospital scales by its own training rows.",
        DefaultValueFactory = _ => "federated",
    };

    private readonly Option<int> _rounds = NumberOption.Whole("--rounds", "Training rounds.", 10, 1, 1000);

    private readonly Option<int?> _epochs = NumberOption.OptionalWhole("--epochs", "Passes over a member's rows in a round.", 1, 1000);

    private readonly Option<int?> _batch = NumberOption.OptionalWhole("--batch", "Rows of a mini-batch.", 1, 65_536);

    private readonly Option<string?> _optimizer = new("--optimizer") { Description = "How members step: sgd (the default) or adam." };

    private readonly Option<double?> _learningRate = NumberOption.OptionalReal("--learning-rate", "The members' step size.", zero: false);

    private readonly Option<double?> _weightDecay = NumberOption.OptionalReal("--weight-decay", "Penalty on squared weights, of a row's mean loss.", zero: true);

    private readonly Option<double?> _proximal = NumberOption.OptionalReal("--proximal", "FedProx's mu.", zero: true);

    private readonly Option<double?> _serverRate = NumberOption.OptionalReal("--server-learning-rate", "The coordinator's step size.", zero: false);

    private readonly Option<double?> _clip = NumberOption.OptionalReal("--clip", "The L2 norm that an update is clipped to.", zero: false, AveragingTerms.MinClipNorm);

    /// <summary>Adds the options and the rules between them.</summary>
    public void AddTo(Command command)
    {
        _algorithm.AcceptOnlyFromAmong(Methods);
        _model.AcceptOnlyFromAmong(Models);
        _optimizer.AcceptOnlyFromAmong("sgd", "adam");
        _standardise.AcceptOnlyFromAmong("centre", "federated");
        foreach (Option option in (Option[])[_algorithm, _model, _hidden, _standardise, _rounds, _epochs, _batch, _optimizer, _learningRate, _weightDecay, _proximal, _serverRate, _clip])
            command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <summary>What was chosen.</summary>
    public TrainingChoice Read(ParseResult parsed) => new()
    {
        Method = parsed.GetValue(_algorithm) is { } method ? Enum.Parse<TrainingMethod>(method, ignoreCase: true) : null,
        Model = parsed.GetValue(_model) is { } model ? Enum.Parse<AgreedModelKind>(model, ignoreCase: true) : null,
        // The value of an option of many that is not given is an empty array, not null.
        Hidden = parsed.GetValue(_hidden) is { Length: > 0 } hidden ? hidden : null,
        Standardise = parsed.GetValue(_standardise) == "federated" ? Standardise.Federated : Standardise.Centre,
        Rounds = parsed.GetValue(_rounds),
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batch),
        Optimizer = parsed.GetValue(_optimizer) is { } optimizer ? Enum.Parse<AgreedOptimizer>(optimizer, ignoreCase: true) : null,
        LearningRate = parsed.GetValue(_learningRate),
        WeightDecay = parsed.GetValue(_weightDecay),
        Proximal = parsed.GetValue(_proximal),
        ServerLearningRate = parsed.GetValue(_serverRate),
        ClipNorm = parsed.GetValue(_clip),
    };

    private void Check(CommandResult result)
    {
        if (!result.AreReadable(result.Command.Options))
            return;
        string? method = result.GetValue(_algorithm), model = result.GetValue(_model);
        bool newton = method == "newton" || (method is null && model is null or "logistic");
        if (method == "newton" && model is not (null or "logistic"))
            result.AddError($"--algorithm newton trains a logistic model, not {model}; fedavg trains all.");
        if (model != "mlp" && result.IsGiven(_hidden))
            result.AddError("--hidden goes with --model mlp only.");
        if (method != "fedprox" && result.IsGiven(_proximal))
            result.AddError("--proximal goes with --algorithm fedprox only.");
        foreach (Option option in (Option[])[_epochs, _batch, _optimizer, _learningRate, _weightDecay, _serverRate, _clip])
        {
            if (newton && result.IsGiven(option))
                result.AddError($"{option.Name} does not go with --algorithm newton, which takes no gradient steps; add --algorithm fedavg.");
        }
    }
}
