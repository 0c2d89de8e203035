using System.Runtime.InteropServices;

namespace QuantumFed.Cli;

/// <summary>
/// Whether anybody still reads standard output. .NET ignores a pipe that was closed, so a program that prints without end would never learn of it;
/// poll(2) tells it, also while there is nothing to print.
/// </summary>
internal static class OutputPipe
{
    private const int StandardOutput = 1;

    // poll.h of Linux: POLLERR, POLLHUP, POLLNVAL.
    private const short Gone = 0x08 | 0x10 | 0x20;

    private static readonly Poll? Ask = Find();

    private delegate int Poll(ref Descriptor descriptors, nuint count, int milliseconds);

    /// <summary>True once the reader has gone; false for files, terminals, and where it cannot be told.</summary>
    public static bool IsClosed
    {
        get
        {
            var output = new Descriptor { Number = StandardOutput };
            return Ask?.Invoke(ref output, 1, 0) > 0 && (output.Happened & Gone) != 0;
        }
    }

    private static Poll? Find() =>
        NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "poll", out nint poll)
            ? Marshal.GetDelegateForFunctionPointer<Poll>(poll)
            : null;

    [StructLayout(LayoutKind.Sequential)]
    private struct Descriptor
    {
        public int Number;
        public short Asked;
        public short Happened;
    }
}
