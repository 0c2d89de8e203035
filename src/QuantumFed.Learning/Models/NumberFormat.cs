namespace QuantumFed.Learning;

/// <summary>The IEEE 754 format that a model's numbers are kept in.</summary>
public enum NumberFormat : byte
{
    /// <summary>Double precision: Newton's method, whose result is the pooled one to all shown digits.</summary>
    Binary64 = 0,

    /// <summary>Single precision, as stochastic gradients need; every number is rounded to it after each step.</summary>
    Binary32 = 1,
}
