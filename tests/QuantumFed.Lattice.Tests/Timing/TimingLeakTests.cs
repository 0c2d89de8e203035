namespace QuantumFed.Lattice.Tests;

/// <summary>Does the time of code that sees secrets depend on them? As dudect asks; docs/lattice-assurance.md says what the answer is worth.</summary>
[Collection(TimingRuns.Name)]
public sealed class TimingLeakTests(ITestOutputHelper output)
{
    // In a normal run each list counts as one skipped test.
    public static TheoryData<string> Kernels => RunLength.IsLong ? [.. KernelSubjects.All.Keys, .. SharingSubjects.All.Keys] : ["all of them"];

    public static TheoryData<string> Planted => RunLength.IsLong ? [.. PlantedLeaks.All.Keys] : ["all of them"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Time_does_not_depend_on_secrets(string kernel)
    {
        LongTest.Require();
        Func<TimingSubject> subject = KernelSubjects.All.TryGetValue(kernel, out Func<TimingSubject>? found) ? found : SharingSubjects.All[kernel];
        IReadOnlyList<double> repetitions = Measure(kernel, subject());
        Assert.False(TimingExperiment.IsLeak(repetitions), $"{kernel}: fixed and random inputs take different times, t = {Text(repetitions)}");
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_leak_is_found(string leak)
    {
        LongTest.Require();
        IReadOnlyList<double> repetitions = Measure(leak, PlantedLeaks.All[leak]());
        Assert.True(TimingExperiment.IsLeak(repetitions), $"{leak} was not found, t = {Text(repetitions)}");
    }

    [Fact]
    public void Classes_that_do_not_differ_show_no_leak()
    {
        LongTest.Require();
        TimingSubject branching = PlantedLeaks.All["a reduction that branches"]();
        // The code that leaks most, on random inputs only.
        IReadOnlyList<double> repetitions = Measure("no difference", branching with { Prepare = (slot, _, random) => branching.Prepare(slot, false, random) });
        Assert.False(TimingExperiment.IsLeak(repetitions), Text(repetitions));
    }

    private IReadOnlyList<double> Measure(string name, TimingSubject subject)
    {
        IReadOnlyList<double> repetitions = TimingExperiment.Run(subject);
        output.WriteLine($"t = {Text(repetitions)}: {name}");
        return repetitions;
    }

    private static string Text(IReadOnlyList<double> repetitions) => string.Join(", ", repetitions.Select(t => $"{t:F1}"));
}
