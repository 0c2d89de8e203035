namespace QuantumFed.Lattice;

/// <summary>Where the first pass of a transform takes its elements.</summary>
internal interface IPassSource<TVector>
    where TVector : struct
{
    /// <summary>A vector of elements from place <paramref name="at"/> on.</summary>
    TVector Read(nint at);
}
