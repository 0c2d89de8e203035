namespace QuantumFed.Node;

/// <summary>Settings that can say what is wrong with them.</summary>
public interface ISettings
{
    /// <summary>Every failure, as a plain sentence; none if the settings can be used.</summary>
    IEnumerable<string> Failures();
}
