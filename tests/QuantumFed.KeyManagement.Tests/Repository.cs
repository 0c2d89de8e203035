namespace QuantumFed.KeyManagement.Tests;

/// <summary>The checkout the tests were built in.</summary>
internal static class Repository
{
    public static string File(string relativePath)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relativePath);
            if (System.IO.File.Exists(path))
                return path;
        }
        throw new FileNotFoundException($"{relativePath} is in no folder above {AppContext.BaseDirectory}.");
    }
}
