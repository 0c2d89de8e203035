using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace QuantumFed.Node;

/// <summary>Words in a file of their own that is mapped into memory, so that the system may write them out. The file has no name: it goes with the process at the latest.</summary>
internal sealed unsafe class MappedMemory : MemoryManager<ulong>
{
    private readonly int _length;
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _words;

    private MappedMemory(int length, SafeFileHandle file, MemoryMappedFile map)
    {
        (_length, _file, _map) = (length, file, map);
        _view = map.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _words);
    }

    /// <summary>Maps a new file in <paramref name="folder"/>, all of whose room on the disk is taken at once, where the file system can: later there is nothing left to fail.</summary>
    /// <exception cref="IOException">The disk has too little room, or the folder cannot be written.</exception>
    internal static MappedMemory Create(string folder, int length)
    {
        long size = Math.Max(1, (long)length * sizeof(ulong));
        string path = Path.Combine(folder, $"sum-{Guid.NewGuid():N}.tmp");
        SafeFileHandle file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.RandomAccess, preallocationSize: size);
        try
        {
            // What is open stays until it is closed, also by a kill.
            File.Delete(path);
            return new MappedMemory(length, file, MemoryMappedFile.CreateFromFile(file, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override Span<ulong> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_words is null, this);
        return new Span<ulong>(_words, _length);
    }

    // Mapped memory stays where it is.
    public override MemoryHandle Pin(int elementIndex = 0) => new((ulong*)_words + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_words is null)
            return;
        _words = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }
}
