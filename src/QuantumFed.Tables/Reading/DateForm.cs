namespace QuantumFed.Tables;

/// <summary>How a column writes dates.</summary>
public enum DateForm
{
    /// <summary>2024-03-31, or 2024/03/31, with or without a time; a time zone is taken into account.</summary>
    Iso,

    /// <summary>31.03.2024, with or without a time.</summary>
    DayMonthYearDots,

    /// <summary>03/31/2024, with or without a time.</summary>
    MonthDayYear,

    /// <summary>31/03/2024 or 31-03-2024, with or without a time.</summary>
    DayMonthYear,

    /// <summary>31-Mar-2024 or 31 Mar 2024.</summary>
    DayMonthNameYear,
}
