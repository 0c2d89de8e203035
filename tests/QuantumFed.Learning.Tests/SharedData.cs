namespace QuantumFed.Learning.Tests;

/// <summary>Where the real data lies: the folder <c>shared</c> beside the repository, or what QF_SHARED names.</summary>
internal static class SharedData
{
    /// <summary>The heart data's folder; skips the calling test where it is not there.</summary>
    public static string HeartDirectory()
    {
        string? directory = FindShared() is { } shared ? Path.Combine(shared, "data", "heart") : null;
        Assert.SkipUnless(
            directory is not null && Directory.Exists(directory),
            "needs shared/data/heart (UCI heart disease) beside the repository; QF_SHARED names the folder 'shared' elsewhere");
        return directory!;
    }

    private static string? FindShared()
    {
        if (Environment.GetEnvironmentVariable("QF_SHARED") is { Length: > 0 } named) return named;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "QuantumFed.sln"))) return Path.Combine(folder.FullName, "..", "shared");
        return null;
    }
}
