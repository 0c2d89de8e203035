namespace QuantumFed.System.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("qf-system-").FullName;

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Copies a workspace's public files, which are all that an auditor is given.</summary>
    public string CopyPublic(string workspace, string name = "copy")
    {
        string copy = At(name);
        foreach (string path in Directory.EnumerateFiles(workspace, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(workspace, path);
            if (relative is not ("consortium.json" or "workspace.json") && relative.Split('/')[0] is not ("archive" or "consents"))
                continue;
            string target = Path.Combine(copy, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
        return copy;
    }

    public void Dispose()
    {
        // Whoever ends with the test may still be writing its last there, such as a chain its state.
        for (int i = 0; i < 1500 && ProcessTable.Naming(Root).Count > 0; i++)
            Thread.Sleep(20);
        Directory.Delete(Root, recursive: true);
    }
}
