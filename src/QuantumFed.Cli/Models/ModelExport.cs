using System.Globalization;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Models;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Tables;

namespace QuantumFed.Cli;

/// <summary>Puts a workspace's model into a file with all that is needed to use it.</summary>
internal sealed class ModelExport
{
    private readonly WorkspaceLayout _layout;
    private readonly ConsortiumAgreement _agreement;
    private readonly OwnStandardisation? _own;

    private ModelExport(WorkspaceLayout layout, ConsortiumAgreement agreement, OwnStandardisation? own)
    {
        _layout = layout;
        _agreement = agreement;
        _own = own;
    }

    /// <summary>Checks what can be known before the audit, which takes longer.</summary>
    /// <param name="layout">The workspace.</param>
    /// <param name="member">The hospital that will use the model, where each scales by its own rows.</param>
    /// <exception cref="UsageException">A member is needed, or is not, or there is none of that name.</exception>
    /// <exception cref="InvalidDataException">The member's rows are not of the agreed features.</exception>
    public static ModelExport Prepare(WorkspaceLayout layout, string? member)
    {
        ConsortiumAgreement agreement = new PartyFolder(layout.Root).ReadAgreement(layout.Agreement);
        return new ModelExport(layout, agreement, OwnOf(layout, agreement, member));
    }

    /// <summary>Makes the file.</summary>
    /// <param name="models">The models on record.</param>
    /// <param name="round">The round, or null for the last that gave a model.</param>
    /// <param name="audited">Whether the models are those of an audit that holds.</param>
    /// <exception cref="UsageException">There is no such round.</exception>
    /// <exception cref="InvalidDataException">The workspace's files do not belong together.</exception>
    public ModelFile Create(IRecordedModels models, RoundId? round, bool audited)
    {
        LearningTask task = _agreement.Task;
        if (models.Find(round) is not (var found, var digest))
        {
            throw new UsageException(round is null
                ? "The workspace has no finished round yet, so there is no model."
                : $"Round {round} is not in the archive, or gave no model.");
        }
        if (!new RoundArchive(_layout.Archive).Objects.TryRead(digest, out byte[]? bytes) || !ModelState.TryParse(bytes, out ModelState? state)
            || !state.Shape.Equals(TaskTerms.ShapeOf(task)))
            throw new InvalidDataException($"{_layout.Archive}: the model {digest} of round {found} is missing, altered, or not of the agreed shape.");
        TableRecipe? recipe = ReadRecipe();
        var origin = new ModelOrigin(
            Shortened(task.Dataset, ModelFile.MaxTitleLength), _agreement.Federation, _agreement.Digest, found, audited,
            task.Method.ToString().ToLowerInvariant(),
            [.. TaskSettings.Of(task).Select(setting => new ModelSetting(setting.Name, setting.Value))]);
        IReadOnlyList<string> classes = recipe?.ClassNames
            ?? [.. Enumerable.Range(0, task.Model.Classes).Select(label => label.ToString(CultureInfo.InvariantCulture))];
        return ModelFile.TryCreate(origin, state, task.Features, classes, _own, recipe, out string failure)
            ?? throw new InvalidDataException($"{_layout.Root}: no model file can be made: {failure}");
    }

    private static OwnStandardisation? OwnOf(WorkspaceLayout layout, ConsortiumAgreement agreement, string? member)
    {
        LearningTask task = agreement.Task;
        string names = string.Join(", ", agreement.Members.Select(agreed => agreed.Id));
        if (task.Standardise == Standardise.Federated)
        {
            return member is null
                ? null
                : throw new UsageException("--member does not go with this workspace: its features are scaled by the joint rows, the same for every hospital.");
        }
        if (member is null)
        {
            return task.Model.Kind == AgreedModelKind.Opaque
                ? null
                : throw new UsageException("In this workspace each hospital scales features by its own training rows (--standardise centre), so a model is of use only with "
                    + $"one hospital's scale: name it by --member ({names}).");
        }
        if (!MemberId.TryParse(member, out MemberId id) || agreement.Find(id) is null)
            throw new UsageException($"'{NodeEvent.OneLine(member)}' is no member; the members are {names}.");
        string path = Path.Combine(new PartyFolder(layout.Member(id)).Data, "train.csv");
        Dataset rows = DatasetCsv.ReadFile(path);
        if (!rows.FeatureNames.SequenceEqual(task.Features, StringComparer.Ordinal) || rows.RowCount < 2)
            throw new InvalidDataException($"{path}: it holds other features than the agreed ones, or fewer than 2 rows.");
        return new OwnStandardisation(id, Standardisation.FromRows(rows));
    }

    private TableRecipe? ReadRecipe()
    {
        if (!File.Exists(_layout.Recipe))
            return null;
        return TableRecipe.TryParse(File.ReadAllBytes(_layout.Recipe), out TableRecipe? recipe, out string failure)
            ? recipe
            : throw new InvalidDataException($"{_layout.Recipe}: {failure}");
    }

    private static string Shortened(string text, int most) => text.Length <= most ? text : text[..most];
}
