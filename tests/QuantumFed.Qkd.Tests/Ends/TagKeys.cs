using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace QuantumFed.Qkd.Tests;

/// <summary>Notes which block's keys each end made tags with, over all conversations of a pair.</summary>
internal static class TagKeys
{
    private static readonly ConditionalWeakTable<EndsPair, HashSet<(LinkRole, ulong)>> s_used = [];

    /// <summary>No end of the pair may ever make two tags with the keys of one block.</summary>
    public static void RequireFresh(EndsPair pair, MemoryChannel channel)
    {
        HashSet<(LinkRole, ulong)> used = s_used.GetOrCreateValue(pair);
        var block = new Dictionary<LinkRole, ulong>();
        foreach ((LinkRole sender, byte[] message) in channel.Sent)
        {
            if (message[0] == (byte)LinkMessageKind.Hello)
                block[sender] = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(1));
            if (message[0] == (byte)LinkMessageKind.Tag)
                Assert.True(used.Add((sender, block[sender])), $"{sender} used the keys of block {block[sender]} twice");
        }
    }
}
