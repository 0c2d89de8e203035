namespace QuantumFed.Trainers.Tests;

public sealed class TrainerSettingsTests
{
    [Fact]
    public void Good_settings_have_no_failures() =>
        Assert.Empty(new TrainerSettings(["python3", "train.py", ""], 1, new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "2" }).Failures());

    [Fact]
    public void Every_failure_is_named_at_once()
    {
        TrainerSettings settings = new([], 0, new Dictionary<string, string> { ["A=B"] = "1", ["C"] = "\0" });
        Assert.Collection(
            settings.Failures(),
            failure => Assert.Contains("command is empty", failure, StringComparison.Ordinal),
            failure => Assert.Contains("time limit is 0 seconds", failure, StringComparison.Ordinal),
            failure => Assert.Contains("'A=B'", failure, StringComparison.Ordinal),
            failure => Assert.Contains("'C'", failure, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => new TrainerProgram(settings, "/", _ => { }, TimeProvider.System));
        Assert.NotEmpty(new TrainerSettings(["a", "b\0c"]).Failures());
    }
}
