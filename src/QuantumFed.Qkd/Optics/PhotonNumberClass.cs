namespace QuantumFed.Qkd;

/// <summary>How many photons a pulse had when it left the sender, as far as security tells them apart.</summary>
public enum PhotonNumberClass
{
    /// <summary>None: what is detected of it is a dark count.</summary>
    None = 0,

    /// <summary>One: nobody can keep a copy.</summary>
    One = 1,

    /// <summary>Two or more: an eavesdropper can keep one and send the others on.</summary>
    Several = 2,
}
