using System.Diagnostics;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>A folder on a file system of its own that holds little, for as long as the test runs.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("qf-disk-").FullName;

    private SmallDisk()
    {
    }

    /// <summary>The folder.</summary>
    public string Root => _root;

    /// <summary>Mounts one; skips the calling test where this process may not.</summary>
    public static SmallDisk OfKilobytes(int size)
    {
        SmallDisk disk = new();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}k", "tmpfs", disk._root) == 0)
            return disk;
        Directory.Delete(disk._root);
        Assert.Skip("needs the right to mount a small file system (root)");
        throw new InvalidOperationException("Skipping did not end the test.");
    }

    public void Dispose()
    {
        Assert.Equal(0, Run("umount", _root));
        Directory.Delete(_root);
    }

    private static int Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1; // no such program
        }
    }
}
