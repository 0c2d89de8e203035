using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;
using QuantumFed.Tables;

namespace QuantumFed.Models.Tests;

/// <summary>Models with random numbers from a fixed seed, and files of them.</summary>
internal static class TestModels
{
    public static ModelOrigin Origin(bool audited = true) => new(
        "Patients of \"four\" wards", FederationId.Parse(new string('a', 64)), Digest.Parse(new string('b', 64)), new RoundId(3), audited,
        "newton", [new ModelSetting("training rounds", "3"), new ModelSetting("L2 penalty", "1")]);

    public static ModelShape Shape(ModelKind kind, int features, int classes) => kind switch
    {
        ModelKind.Logistic => ModelShape.Logistic(features),
        ModelKind.Softmax => ModelShape.Softmax(features, classes),
        ModelKind.Mlp => ModelShape.Mlp(features, [9, 5], classes),
        _ => ModelShape.Opaque(features, classes, 7),
    };

    /// <summary>A state; of single precision and with an optimiser's memory unless it is logistic regression.</summary>
    public static ModelState State(ModelShape shape, Standardisation? standardisation, long seed = 5)
    {
        using RandomStream random = RandomStream.FromSeed(BitConverter.GetBytes(seed), "QuantumFed.Models.Tests");
        double[] Draw() => [.. Enumerable.Range(0, shape.ParameterCount).Select(_ => 0.4 * random.NextGaussian())];
        double[] parameters = Draw();
        parameters[0] = -0.0;
        return shape.Kind == ModelKind.Logistic
            ? ModelState.Create(shape, NumberFormat.Binary64, standardisation, parameters)
            : ModelState.Create(shape, NumberFormat.Binary32, standardisation, parameters, [Draw(), Draw()]);
    }

    public static ModelFile File(ModelState state, IReadOnlyList<string> features, IReadOnlyList<string> classes, TableRecipe? recipe = null, OwnStandardisation? own = null)
    {
        ModelFile? file = ModelFile.TryCreate(Origin(), state, features, classes, own, recipe, out string failure);
        Assert.True(file is not null, failure);
        return file;
    }

    /// <summary>A small file of a kind, without a table.</summary>
    public static ModelFile Small(ModelKind kind)
    {
        Assert.True(Standardisation.TryCreate([1.5, -0.0, 1e-300], [0.1, 1e300, double.Epsilon], out Standardisation? standardisation));
        int classes = kind == ModelKind.Logistic ? 2 : 3;
        return File(State(Shape(kind, 3, classes), standardisation), ["age", "na+", "x \u00E9"], [.. Enumerable.Range(0, classes).Select(c => $"{c}")]);
    }

    /// <summary>Reads a file back, as somebody else would.</summary>
    public static ModelFile Again(ModelFile file)
    {
        Assert.True(ModelFile.TryParse(file.ToJson(), out ModelFile? read, out string failure), failure);
        return read;
    }
}
