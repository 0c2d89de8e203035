namespace QuantumFed.Ledger.Tests;

/// <summary>What a <see cref="FaultyProxy"/> does to one request.</summary>
internal enum ProxyFault
{
    None,

    /// <summary>The request never reaches the node; the connection closes.</summary>
    RequestLost,

    /// <summary>The node acts; its answer is lost and the connection closes.</summary>
    AnswerLost,

    /// <summary>The connection is reset before the request is passed on.</summary>
    Reset,

    /// <summary>The answer comes late.</summary>
    Delayed,

    /// <summary>The node gets the request twice; the second answer is passed on.</summary>
    Duplicated,

    /// <summary>The answer is exchanged with that of another request that is being answered.</summary>
    Swapped,

    /// <summary>A batch's answers come in the reverse order.</summary>
    Shuffled,

    /// <summary>Receipts are null, as where the node has not indexed them yet.</summary>
    NullReceipts,

    /// <summary>The chain's id is another.</summary>
    OtherChainId,

    /// <summary>The node refuses, in JSON-RPC, without having been asked.</summary>
    Refused,

    /// <summary>HTTP status 429.</summary>
    TooManyRequests,

    /// <summary>HTTP status 500.</summary>
    ServerError,

    /// <summary>The body ends in the middle of its JSON, as long as it says it is.</summary>
    Truncated,

    /// <summary>The body ends before its length.</summary>
    CutOff,

    /// <summary>One byte at a time, for ever.</summary>
    Trickle,

    /// <summary>A body larger than any client should take.</summary>
    Oversize,
}
