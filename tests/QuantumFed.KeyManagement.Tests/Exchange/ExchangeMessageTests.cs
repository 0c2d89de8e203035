using System.Buffers.Binary;
using QuantumFed.Protocol;
using QuantumFed.Randomness;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Messages of the exchange as bytes: what was written is read, and nothing else is.</summary>
public sealed class ExchangeMessageTests
{
    private static readonly KeyGrant OneGrant = new(
        new QuantumKeyId(Enumerable.Range(1, 16).Select(i => (byte)i).ToArray()), 1000, [new UnitRange(new KeyUnit(3, 9), 1), new UnitRange(new KeyUnit(5, 0), 3)],
        SomeKeys.Master, [SomeKeys.Slave, SomeKeys.OtherSlave]);

    private static readonly ExchangeMessage[] Messages =
    [
        ExchangeMessage.Pool([], null),
        ExchangeMessage.Pool([], 0),
        ExchangeMessage.Pool([new UnitRange(new KeyUnit(0, 1), 2), new UnitRange(new KeyUnit(KeyUnit.LastBlock, 0), (1 << 24) - 1)], KeyUnit.LastBlock),
        ExchangeMessage.Ask(1, 1024, 256, SomeKeys.Master, [SomeKeys.Slave]),
        ExchangeMessage.Ask(uint.MaxValue, 1, KeyGrant.MostUnits * KeyUnit.SizeInBits, SomeKeys.Master, [SomeKeys.Slave, SomeKeys.OtherSlave]),
        ExchangeMessage.Grant(2, [OneGrant, OneGrant with { Id = default, SizeInBits = 1024 }]),
        ExchangeMessage.Granted(3, [OneGrant]),
        ExchangeMessage.Done(4),
        ExchangeMessage.Refused(0),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Messages.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void What_was_written_is_read(int index)
    {
        ExchangeMessage message = Messages[index], read = Parse(message.ToArray())!;
        Assert.Equal((message.Kind, message.Request, message.LastBlock, message.Number, message.SizeInBits, message.Master),
            (read.Kind, read.Request, read.LastBlock, read.Number, read.SizeInBits, read.Master));
        Assert.Equal(message.Units, read.Units);
        Assert.Equal(message.Slaves, read.Slaves);
        Assert.Equal(message.Grants.Select(grant => grant.Id), read.Grants.Select(grant => grant.Id));
        Assert.Equal(message.ToArray(), read.ToArray());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_message_that_was_cut_or_lengthened_is_none(int index)
    {
        byte[] bytes = Messages[index].ToArray();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Null(Parse(bytes[..length]));
        Assert.Null(Parse([.. bytes, 0]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Changed_bytes_are_another_message_or_none(int index)
    {
        using RandomStream random = RandomStream.FromSeed([(byte)index], "changed messages");
        byte[] bytes = Messages[index].ToArray();
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] changed = [.. bytes];
            for (int i = random.NextInt32(4); i >= 0; i--)
                changed[random.NextInt32(changed.Length)] = (byte)random.NextInt32(256);
            // One form for each message: what is read is written as it was.
            if (Parse(changed) is { } message)
                Assert.Equal(changed, message.ToArray());
        }
    }

    [Fact]
    public void Random_bytes_are_no_message()
    {
        using RandomStream random = RandomStream.FromSeed("random"u8, "messages");
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] bytes = new byte[random.NextInt32(200)];
            random.Fill(bytes);
            if (bytes.Length > 1)
                (bytes[0], bytes[1]) = (1, (byte)(1 + random.NextInt32(6)));
            if (Parse(bytes) is { } message)
                Assert.Equal(bytes, message.ToArray());
        }
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0, 1u << 24, 1)]
    [InlineData(0, 0, (1u << 24) + 1)]
    [InlineData(0, 5, uint.MaxValue)]
    [InlineData(0, 0, 0)]
    public void Units_that_cannot_be_are_no_pool(int beyond, uint index, uint count)
    {
        ulong block = beyond == 1 ? KeyUnit.LastBlock + 1 : 0;
        Assert.Null(Parse(ExchangeMessage.Pool([new UnitRange(new KeyUnit(block, index), count)], 0).ToArray()));
        Assert.Null(Parse(ExchangeMessage.Pool([], KeyUnit.LastBlock + 1).ToArray()));
        Assert.Null(Parse(ExchangeMessage.Grant(1, [OneGrant with { SizeInBits = 256, Units = [new UnitRange(new KeyUnit(block, index), count)] }]).ToArray()));
    }

    [Fact]
    public void Requests_that_cannot_be_are_none()
    {
        MemberId[] many = [.. Enumerable.Range(0, KeyGrant.MostSlaves + 1).Select(i => MemberId.Parse($"sae-{i}"))];
        ExchangeMessage[] wrong =
        [
            ExchangeMessage.Ask(1, 0, 256, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, ExchangeMessage.MostKeys + 1, 256, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, -1, 256, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, 1, 0, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, 1, 12, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, 1, -8, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, 1, KeyGrant.MostUnits * KeyUnit.SizeInBits + 8, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, 257, KeyGrant.MostUnits * KeyUnit.SizeInBits, SomeKeys.Master, [SomeKeys.Slave]),
            ExchangeMessage.Ask(1, 1, 256, SomeKeys.Master, []),
            ExchangeMessage.Ask(1, 1, 256, SomeKeys.Master, many),
            ExchangeMessage.Ask(1, 1, 256, SomeKeys.Master, [SomeKeys.Slave, SomeKeys.Slave]),
            ExchangeMessage.Grant(1, []),
            ExchangeMessage.Grant(1, [OneGrant, OneGrant]),
            ExchangeMessage.Grant(1, [OneGrant with { Slaves = [] }]),
            ExchangeMessage.Grant(1, [OneGrant with { Slaves = many }]),
            ExchangeMessage.Grant(1, [OneGrant with { SizeInBits = 1032 }]),
            ExchangeMessage.Grant(1, [OneGrant with { SizeInBits = 768 }]),
            ExchangeMessage.Grant(1, [OneGrant with { SizeInBits = 0 }]),
            ExchangeMessage.Grant(1, [OneGrant with { Units = [] }]),
            ExchangeMessage.Grant(1, [.. Enumerable.Range(0, 257).Select(i => OneGrant with
            {
                Id = new QuantumKeyId(Guid.NewGuid().ToByteArray()), SizeInBits = KeyGrant.MostUnits * KeyUnit.SizeInBits, Units = [new UnitRange(new KeyUnit((ulong)i, 0), KeyGrant.MostUnits)],
            })]),
        ];
        Assert.All(wrong, message => Assert.Null(Parse(message.ToArray())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_count_is_not_answered_with_memory(byte kind)
    {
        // A valid beginning, then 2^32 - 1 or as many items as the zeros after it would hold.
        byte[] bytes = new byte[4 << 20];
        (bytes[0], bytes[1]) = (1, kind);
        foreach (uint count in (uint[])[uint.MaxValue, (4 << 20) / 48])
        {
            for (int offset = 6; offset < 40; offset++)
            {
                byte[] claiming = [.. bytes];
                BinaryPrimitives.WriteUInt32BigEndian(claiming.AsSpan(offset), count);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Assert.Null(Parse(claiming));
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
            }
        }
    }

    private static ExchangeMessage? Parse(byte[] bytes) => ExchangeMessage.TryParse(bytes, out ExchangeMessage? message) ? message : null;
}
