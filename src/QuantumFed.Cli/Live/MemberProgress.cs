namespace QuantumFed.Cli;

/// <summary>What is known of a member.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Connected">Whether the coordinator has its call.</param>
/// <param name="Channel">Its connection, once there was one.</param>
/// <param name="Last">The last step it told of, in words.</param>
/// <param name="AwaitedSince">Since when the coordinator waits for it, if it does.</param>
/// <param name="UploadedBytes">What it uploaded in all rounds.</param>
internal sealed record MemberProgress(
    string Name, bool Connected, MemberChannel? Channel, string Last, DateTimeOffset? AwaitedSince, long UploadedBytes)
{
    /// <summary>A member of which nothing was heard yet.</summary>
    public static MemberProgress New(string name) => new(name, Connected: false, Channel: null, "starting", AwaitedSince: null, UploadedBytes: 0);
}
