using System.Runtime.InteropServices;

namespace QuantumFed.Protocol;

/// <summary>Writes a file so that after a crash it holds either what it held before or all of the new bytes.</summary>
public static class DurableFile
{
    /// <summary>Writes the bytes to a new file beside <paramref name="path"/>, flushes them and the folder to disk, and renames it into place.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    public static void Write(string path, ReadOnlySpan<byte> data, bool ownerOnly = false)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        CreateFolder(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (ownerOnly && !OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(data);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            FlushFolder(folder);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes the bytes to a new file and renames it into place, without waiting for the disk: whole or not at all for every reader, but not
    /// after a crash of the machine.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    public static void WriteUnflushed(string path, ReadOnlySpan<byte> data)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(temporary, data);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    // A new folder is durable only once the one above it is, so each is flushed from the top down.
    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        string? above = Path.GetDirectoryName(folder);
        if (above is not null)
            CreateFolder(above);
        Directory.CreateDirectory(folder);
        if (above is not null)
            FlushFolder(above);
    }

    /// <summary>Makes what was created, renamed or deleted in a folder durable.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    // A rename is durable only once its folder is: fsync(2). .NET opens no folder, so the call is made by hand. A folder that may be
    // written but not read cannot be opened, and some file systems have no fsync for folders (EINVAL): both leave it to them.
    public static void FlushFolder(string folder)
    {
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            return;
        int error = FlushDescriptor(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is not (0 or InvalidArgument))
            throw new IOException($"The folder {folder} cannot be flushed to disk: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
