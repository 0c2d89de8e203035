using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QuantumFed.Tables;

/// <summary>Tells files from pipes before they are opened to be read: opening a pipe waits for whoever writes to it, for ever and deaf to Ctrl-C.</summary>
internal static class SeekableFile
{
    // From Linux' asm-generic/fcntl.h, on every architecture that .NET runs on.
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExecute = 0x80000;

    /// <summary>Whether a path leads to something that can be read again from its beginning; also where it does not open at all.</summary>
    public static bool IsAt(string path)
    {
        using var handle = new SafeFileHandle(Open(path, ReadOnly | NonBlocking | CloseOnExecute), ownsHandle: true);
        if (handle.IsInvalid) return true;
        using FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
        return stream.CanSeek;
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
