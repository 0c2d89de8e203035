namespace QuantumFed.Tables;

/// <summary>The kind of feature that is wanted of a column.</summary>
internal enum ColumnWish
{
    /// <summary>Whatever its training rows suggest.</summary>
    Any,

    /// <summary>Categories, even if they look like numbers.</summary>
    Category,

    /// <summary>No feature.</summary>
    Drop,
}
