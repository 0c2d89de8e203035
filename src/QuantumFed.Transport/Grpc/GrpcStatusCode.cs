namespace QuantumFed.Transport;

/// <summary>The status codes of gRPC (grpc.io, "Status codes and their use in gRPC").</summary>
public enum GrpcStatusCode
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The caller cancelled it.</summary>
    Cancelled = 1,

    /// <summary>An error that nothing more is known of.</summary>
    Unknown = 2,

    /// <summary>The request is wrong, whatever the system's state.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the answer came.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What was to be made exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit was reached, such as the size of a message.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state the call needs.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost a race and may be tried again at a higher level.</summary>
    Aborted = 10,

    /// <summary>Beyond the valid range of the current state.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such method, or the number of messages does not fit it.</summary>
    Unimplemented = 12,

    /// <summary>The protocol was broken.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached now; the call may be tried again.</summary>
    Unavailable = 14,

    /// <summary>Data were lost or damaged beyond repair.</summary>
    DataLoss = 15,

    /// <summary>The caller did not say who it is.</summary>
    Unauthenticated = 16,
}
