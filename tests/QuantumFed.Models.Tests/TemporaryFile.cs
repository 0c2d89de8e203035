using System.Text;

namespace QuantumFed.Models.Tests;

/// <summary>A file for one test, deleted with it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-models-").FullName;

    public TemporaryFile(string text) : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public TemporaryFile(byte[] bytes)
    {
        Path = System.IO.Path.Combine(_folder, "file");
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
