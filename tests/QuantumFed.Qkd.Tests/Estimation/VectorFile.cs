using System.Runtime.CompilerServices;

namespace QuantumFed.Qkd.Tests;

/// <summary>A file of Vectors/, where these tests were compiled.</summary>
internal static class VectorFile
{
    public static string Text(string name, [CallerFilePath] string thisFile = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "Vectors", name));
}
