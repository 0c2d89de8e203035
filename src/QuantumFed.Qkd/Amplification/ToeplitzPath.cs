namespace QuantumFed.Qkd;

/// <summary>How the smallest Toeplitz products are computed; the results are the same.</summary>
internal enum ToeplitzPath
{
    /// <summary>Integer multiplication; every machine.</summary>
    Portable,

    /// <summary>One carry-less product an instruction (PCLMULQDQ).</summary>
    Vector128,

    /// <summary>Four carry-less products an instruction (VPCLMULQDQ on 512-bit registers).</summary>
    Vector512,
}
