namespace QuantumFed.Tables;

/// <summary>What is done to the text of a cell before its column's rule sees it.</summary>
public enum CellReading
{
    /// <summary>Nothing.</summary>
    AsWritten,

    /// <summary>A band such as <c>[70-80)</c> becomes the number in its middle, 75.</summary>
    BandMiddle,

    /// <summary>An ICD-9-CM diagnosis code becomes its chapter's name.</summary>
    Icd9Chapter,

    /// <summary>An ICD-9-CM diagnosis code becomes its category: the part before the point.</summary>
    Icd9Category,
}
