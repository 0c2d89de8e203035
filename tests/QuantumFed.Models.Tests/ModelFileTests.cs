using System.Text;
using QuantumFed.Learning;
using QuantumFed.Tables;

namespace QuantumFed.Models.Tests;

public sealed class ModelFileTests
{
    public static TheoryData<ModelKind> Kinds => [ModelKind.Logistic, ModelKind.Softmax, ModelKind.Mlp, ModelKind.Opaque];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reading_what_was_written_gives_the_same_model_and_the_same_bytes(ModelKind kind)
    {
        ModelFile file = TestModels.Small(kind), read = TestModels.Again(file);
        Assert.Equal(file.State.ToCanonicalBytes(), read.State.ToCanonicalBytes());
        Assert.Equal(file.Digest, read.Digest);
        Assert.Equal(file.ToJson(), read.ToJson());
        Assert.Equal(file.Features, read.Features);
        Assert.Equal(file.ClassNames, read.ClassNames);
        Assert.Equal(file.Origin with { Settings = read.Origin.Settings }, read.Origin);
        Assert.Equal(file.Origin.Settings, read.Origin.Settings);
    }

    [Fact]
    public void The_format_is_the_golden_file()
    {
        using Stream golden = typeof(ModelFileTests).Assembly.GetManifestResourceStream("model-v1.json")!;
        using StreamReader reader = new(golden);
        Assert.Equal(reader.ReadToEnd(), Encoding.UTF8.GetString(Golden().ToJson()));
    }

    [Fact]
    public void A_file_with_another_number_in_it_is_refused_for_its_digest()
    {
        string json = Encoding.UTF8.GetString(Golden().ToJson());
        foreach (string number in (string[])["0.25", "-1.5", "62.5"])
            Assert.Contains("it was altered", Refusal(json.Replace(number, "0.75", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "has version 2; this program reads version 1")]
    [InlineData("\"version\": 1,", "\"version\": 1, \"version\": 1,", "line 3 should have the property \"title\"")]
    [InlineData("\"version\": 1,", "\"version\": 1, \"more\": 1,", "line 3 should have the property \"title\"")]
    [InlineData("quantumfed-model", "onnx", "line 2 should have \"quantumfed-model\"")]
    [InlineData("\"audited\": true,", "", "the property \"audited\"")]
    [InlineData("\"audited\": true", "\"audited\": 1", "true or false")]
    [InlineData("\"round\": 3", "\"round\": -3", "a whole number")]
    [InlineData("\"kind\": \"logistic\"", "\"kind\": \"tree\"", "\"tree\" is none of logistic, softmax, mlp, opaque")]
    [InlineData("\"kind\": \"logistic\"", "\"kind\": \"softmax\"", "line")]
    [InlineData("\"numbers\": \"binary64\"", "\"numbers\": \"binary32\"", "single precision")]
    [InlineData("aaaa\"", "AAAA\"", "not a digest")]
    [InlineData("[0.25, -1.5, 0.1", "[0.25, -1.5, NaN", "is not JSON")]
    [InlineData("[0.25, -1.5, 0.1", "[0.25, -1.5, 1e999", "an array of 4 numbers")]
    [InlineData("[0.25, -1.5, 0.1", "[0.25, -1.5", "an array of 4 numbers")]
    [InlineData("[0.25, -1.5, 0.1", "[0.25, -1.5, 0.1, 0.1", "an array of 4 numbers")]
    [InlineData("[0.25, -1.5, 0.1", "[0.25, -1.5, \"0.1\"", "an array of 4 numbers")]
    [InlineData("\"inputs\": 4", "\"inputs\": 6", "the inputs of the layer \"output\" do not fit")]
    [InlineData("\"activation\": \"sigmoid\"", "\"activation\": \"tanh\"", "should have \"sigmoid\"")]
    [InlineData("\"by\": \"federation\"", "\"by\": \"nobody\"", "neither the federation nor a member")]
    [InlineData("\"by\": \"federation\"", "\"by\": \"member\",\n\"member\": \"../north\"", "names no member")]
    [InlineData("\"scales\": [19.5", "\"scales\": [0", "not above 0")]
    [InlineData("\"optimiser\": []", "\"optimiser\": [[],[],[],[]]", "an array of 5 numbers")]
    [InlineData("\"hidden\": []", "\"hidden\": [5]", "in its shape")]
    [InlineData("\"age\",", "\"sex\",", "the recipe's features are not the model's")]
    [InlineData("\"classes\": [\"no\", \"yes\"]", "\"classes\": [\"no\", \"no\"]", "its classes are not")]
    [InlineData("\"median\": 62.5", "\"median\": 1e300", "its recipe cannot be used")]
    [InlineData("\"title\": \"", "\"title\": \"\\ud800", "a text that is Unicode")]
    [InlineData("{\n  \"format\"", "[\n  \"format\"", "line 1 should have an object")]
    [InlineData("\n}\n", "\n}\n{}", "is not JSON")]
    public void Anything_else_is_refused_in_one_line(string text, string replacement, string reason)
    {
        string json = Encoding.UTF8.GetString(Golden().ToJson());
        int place = json.IndexOf(text, StringComparison.Ordinal);
        Assert.True(place >= 0, json);
        Assert.Contains(reason, Refusal(json[..place] + replacement + json[(place + text.Length)..]), StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_and_damaged_files_are_refused_or_say_the_same_model()
    {
        byte[] json = Golden().ToJson();
        for (int i = 0; i < json.Length - 1; i++)
        {
            Assert.False(ModelFile.TryParse(json.AsSpan(0, i), out _, out string cut));
            Assert.False(string.IsNullOrEmpty(cut) || cut.Contains('\n', StringComparison.Ordinal), cut);
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] damaged = [.. json];
                damaged[i] ^= (byte)(1 << bit);
                // What is not part of the model, such as its title, may change; its numbers may not.
                if (ModelFile.TryParse(damaged, out ModelFile? file, out string failure)) Assert.Equal(Golden().Digest, file.Digest);
                else Assert.False(string.IsNullOrEmpty(failure) || failure.Contains('\n', StringComparison.Ordinal), failure);
            }
        }
    }

    [Theory]
    [InlineData("\"features\": [", "\"a\",")]
    [InlineData("\"classes\": [", "\"a\",")]
    [InlineData("\"settings\": [", "{ \"name\": \"a\", \"value\": \"b\" },")]
    [InlineData("\"hidden\": [", "7,")]
    [InlineData("\"means\": [", "1,")]
    [InlineData("\"weights\": [", "[1,1,1,1],")]
    [InlineData("\"biases\": [", "1,")]
    [InlineData("\"optimiser\": [", "[1,1,1,1,1],")]
    [InlineData("\"columns\": [", "{},")]
    [InlineData("\"recipe\": ", "{\"a\":")]
    [InlineData("\"title\": \"", "aaaaaaaa")]
    public void A_giant_array_or_text_costs_no_more_memory_than_its_own_bytes(string place, string item)
    {
        string json = Encoding.UTF8.GetString(Golden().ToJson());
        int start = json.IndexOf(place, StringComparison.Ordinal) + place.Length;
        byte[] giant = Encoding.UTF8.GetBytes(json[..start] + string.Concat(Enumerable.Repeat(item, 1_000_000)) + json[start..]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(ModelFile.TryParse(giant, out _, out string failure));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.NotEmpty(failure);
        Assert.True(allocated < 4 * giant.Length + 1_000_000, $"{allocated} bytes for a file of {giant.Length}");
    }

    [Fact]
    public void Parts_that_do_not_belong_together_make_no_file()
    {
        ModelFile file = TestModels.Small(ModelKind.Softmax);
        string Failure(ModelState? state = null, string[]? features = null, string[]? classes = null, OwnStandardisation? own = null, ModelOrigin? origin = null)
        {
            Assert.Null(ModelFile.TryCreate(origin ?? file.Origin, state ?? file.State, features ?? [.. file.Features], classes ?? [.. file.ClassNames], own, null, out string failure));
            return failure;
        }

        OwnStandardisation own = new(Protocol.MemberId.Parse("north"), file.Standardisation!);
        Assert.Contains("features", Failure(features: ["a", "b"]), StringComparison.Ordinal);
        Assert.Contains("features", Failure(features: ["a", "b", "label"]), StringComparison.Ordinal);
        Assert.Contains("classes", Failure(classes: ["a", "b", "=\"c\""]), StringComparison.Ordinal);
        Assert.Contains("no place beside it", Failure(own: own), StringComparison.Ordinal);
        Assert.Contains("no standardisation", Failure(TestModels.State(file.State.Shape, null)), StringComparison.Ordinal);
        Assert.Contains("too long", Failure(origin: file.Origin with { Title = new string('a', ModelFile.MaxTitleLength + 1) }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_is_no_model_file_is_refused_by_name()
    {
        using TemporaryFile empty = new(""), text = new("line,predicted\n"), golden = new(Golden().ToJson());
        Assert.Equal(Golden().Digest, ModelFile.Read(golden.Path).Digest);
        foreach (string path in (string[])[empty.Path, text.Path, Path.GetTempPath(), text.Path + "-missing", "/dev/zero"])
            Assert.StartsWith(path, Assert.Throws<ModelFileException>(() => ModelFile.Read(path)).Message, StringComparison.Ordinal);
        using (FileStream huge = File.OpenWrite(text.Path)) huge.SetLength(ModelFile.MaxSizeInBytes + 1);
        Assert.Contains("has 536870913 bytes", Assert.Throws<ModelFileException>(() => ModelFile.Read(text.Path)).Reason, StringComparison.Ordinal);
    }

    private static string Refusal(string json)
    {
        Assert.False(ModelFile.TryParse(Encoding.UTF8.GetBytes(json), out _, out string failure));
        Assert.DoesNotContain('\n', failure);
        return failure;
    }

    /// <summary>A model over a small table, with numbers chosen by hand.</summary>
    private static ModelFile Golden()
    {
        const string Csv = "age,ward,outcome\n"
            + "50,Eyes,no\n75,Bones,yes\n,Eyes,no\n62.5,Heart,yes\n50,Eyes,no\n75,Bones,yes\n,Eyes,no\n62.5,Heart,yes\n"
            + "50,Eyes,no\n75,Bones,yes\n,Eyes,no\n62.5,Heart,yes\n50,Eyes,no\n75,Bones,yes\n,Eyes,no\n62.5,Heart,yes\n";
        using TemporaryFile table = new(string.Concat(Enumerable.Repeat(Csv[(Csv.IndexOf('\n', StringComparison.Ordinal) + 1)..], 20)).Insert(0, "age,ward,outcome\n"));
        TableRecipe recipe = TableSource.Prepare(new TableOptions(table.Path, "outcome", null, null, null, [], 3, 1)).Recipe;
        Assert.Equal(["age", "age missing", "ward=Bones", "ward=Heart"], recipe.FeatureNames);
        Assert.True(Standardisation.TryCreate([62.5, 0.25, 0.25, 0.25], [19.5, 0.5, 0.5, 1 / 3.0], out Standardisation? standardisation));
        ModelState state = ModelState.Create(ModelShape.Logistic(4), NumberFormat.Binary64, standardisation, [0.25, -1.5, 0.1, 1e-17, -0.0]);
        return TestModels.File(state, recipe.FeatureNames, recipe.ClassNames, recipe);
    }
}
