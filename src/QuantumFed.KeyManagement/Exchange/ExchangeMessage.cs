using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.KeyManagement;

/// <summary>What two key managers say to each other about keys: a kind, the number of the request that it belongs to, and its content. No secret is in it.</summary>
internal sealed record ExchangeMessage
{
    private const byte Version = 1;

    /// <summary>The most keys of one request.</summary>
    public const int MostKeys = 1024;

    /// <summary>The most units of one request: 32 MiB of key.</summary>
    public const int MostUnits = 1 << 20;

    private ExchangeMessage(ExchangeKind kind, uint request) => (Kind, Request) = (kind, request);

    /// <summary>What it is.</summary>
    public ExchangeKind Kind { get; }

    /// <summary>The request it belongs to; its asker numbers it.</summary>
    public uint Request { get; }

    /// <summary>In <see cref="ExchangeKind.Pool"/>: the units that wait at the sender's end.</summary>
    public IReadOnlyList<UnitRange> Units { get; private init; } = [];

    /// <summary>In <see cref="ExchangeKind.Pool"/>: the last block that the sender settled.</summary>
    public ulong? LastBlock { get; private init; }

    /// <summary>In <see cref="ExchangeKind.Ask"/>: how many keys.</summary>
    public int Number { get; private init; }

    /// <summary>In <see cref="ExchangeKind.Ask"/>: the size of each.</summary>
    public int SizeInBits { get; private init; }

    /// <summary>In <see cref="ExchangeKind.Ask"/>: who obtains them.</summary>
    public MemberId Master { get; private init; }

    /// <summary>In <see cref="ExchangeKind.Ask"/>: who may retrieve them.</summary>
    public IReadOnlyList<MemberId> Slaves { get; private init; } = [];

    /// <summary>In <see cref="ExchangeKind.Grant"/> and <see cref="ExchangeKind.Granted"/>: the keys.</summary>
    public IReadOnlyList<KeyGrant> Grants { get; private init; } = [];

    public static ExchangeMessage Pool(IReadOnlyList<UnitRange> units, ulong? lastBlock) => new(ExchangeKind.Pool, 0) { Units = units, LastBlock = lastBlock };

    public static ExchangeMessage Ask(uint request, int number, int sizeInBits, MemberId master, IReadOnlyList<MemberId> slaves) =>
        new(ExchangeKind.Ask, request) { Number = number, SizeInBits = sizeInBits, Master = master, Slaves = slaves };

    public static ExchangeMessage Grant(uint request, IReadOnlyList<KeyGrant> grants) => new(ExchangeKind.Grant, request) { Grants = grants };

    public static ExchangeMessage Granted(uint request, IReadOnlyList<KeyGrant> grants) => new(ExchangeKind.Granted, request) { Grants = grants };

    public static ExchangeMessage Done(uint request) => new(ExchangeKind.Done, request);

    public static ExchangeMessage Refused(uint request) => new(ExchangeKind.Refused, request);

    public byte[] ToArray()
    {
        CanonicalWriter writer = new CanonicalWriter().Byte(Version).Byte((byte)Kind).UInt32(Request);
        switch (Kind)
        {
            case ExchangeKind.Pool:
                writer.Byte(LastBlock is null ? (byte)0 : (byte)1).UInt64(LastBlock ?? 0)
                    .List(Units, (w, range) => w.UInt64(range.First.Block).UInt32(range.First.Index).UInt32(range.Count));
                break;
            case ExchangeKind.Ask:
                writer.UInt32((uint)Number).UInt32((uint)SizeInBits).Member(Master).List(Slaves, (w, slave) => w.Member(slave));
                break;
            case ExchangeKind.Grant or ExchangeKind.Granted:
                writer.List(Grants, (w, grant) => grant.WriteTo(w));
                break;
        }
        return writer.ToArray();
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ExchangeMessage? message)
    {
        var reader = new CanonicalReader(bytes);
        reader.Require(reader.Byte() == Version);
        (var kind, uint request) = ((ExchangeKind)reader.Byte(), reader.UInt32());
        message = kind switch
        {
            ExchangeKind.Pool => ReadPool(ref reader, request),
            ExchangeKind.Ask => ReadAsk(ref reader, request),
            ExchangeKind.Grant or ExchangeKind.Granted => new ExchangeMessage(kind, request) { Grants = ReadGrants(ref reader) },
            ExchangeKind.Done or ExchangeKind.Refused => new ExchangeMessage(kind, request),
            _ => null,
        };
        if (!reader.Complete)
            message = null;
        return message is not null;
    }

    private static ExchangeMessage ReadPool(ref CanonicalReader reader, uint request)
    {
        reader.Require(request == 0);
        byte present = reader.Byte();
        ulong last = reader.UInt64();
        reader.Require((present == 1 && last <= KeyUnit.LastBlock) || (present == 0 && last == 0));
        var units = new UnitRange[reader.Count(16)];
        for (int i = 0; i < units.Length && !reader.Failed; i++)
        {
            units[i] = new UnitRange(new KeyUnit(reader.UInt64(), reader.UInt32()), reader.UInt32());
            reader.Require(units[i].First.Block <= KeyUnit.LastBlock && units[i].Count >= 1 && units[i].First.Index + (ulong)units[i].Count < 1UL << KeyUnit.IndexBits);
        }
        return Pool(reader.Failed ? [] : units, present == 1 ? last : null);
    }

    private static ExchangeMessage ReadAsk(ref CanonicalReader reader, uint request)
    {
        (uint number, uint size, MemberId master) = (reader.UInt32(), reader.UInt32(), reader.Member());
        int count = reader.Count(5);
        reader.Require(count is >= 1 and <= KeyGrant.MostSlaves);
        var slaves = new MemberId[reader.Failed ? 0 : count];
        for (int i = 0; i < slaves.Length && !reader.Failed; i++)
            slaves[i] = reader.Member();
        reader.Require(
            number is >= 1 and <= MostKeys && size is >= 8 and <= KeyGrant.MostUnits * KeyUnit.SizeInBits && size % 8 == 0
            && (long)number * KeyUnit.UnitsFor((int)size) <= MostUnits
            && slaves.Distinct().Count() == slaves.Length);
        return reader.Failed ? new ExchangeMessage(ExchangeKind.Ask, request) : Ask(request, (int)number, (int)size, master, slaves);
    }

    private static KeyGrant[] ReadGrants(ref CanonicalReader reader)
    {
        int count = reader.Count(40);
        reader.Require(count is >= 1 and <= MostKeys);
        var grants = new KeyGrant[reader.Failed ? 0 : count];
        for (int i = 0; i < grants.Length && !reader.Failed; i++)
            grants[i] = KeyGrant.Read(ref reader);
        reader.Require(
            reader.Failed || (grants.Sum(grant => (long)KeyUnit.UnitsFor(grant.SizeInBits)) <= MostUnits && grants.DistinctBy(grant => grant.Id).Count() == grants.Length));
        return reader.Failed ? [] : grants;
    }
}
