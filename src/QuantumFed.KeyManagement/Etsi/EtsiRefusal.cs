namespace QuantumFed.KeyManagement;

/// <summary>A request that is refused, with what the standard's error format says of it.</summary>
internal sealed class EtsiRefusal : Exception
{
    public EtsiRefusal(int status, string message, string? alarm = null, Exception? innerException = null)
        : base(message, innerException) => (Status, Alarm) = (status, alarm);

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>The link's alarm, which stands in the details, or null.</summary>
    public string? Alarm { get; }

    public static EtsiRefusal BadRequest(string message) => new(400, message);
}
