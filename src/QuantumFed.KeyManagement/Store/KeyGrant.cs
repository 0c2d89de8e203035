using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>Which units a key is made of, and who may have it: what the two key managers tell each other, and nothing of the key.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="SizeInBits">Its size.</param>
/// <param name="Units">Its units, in order.</param>
/// <param name="Master">Who obtained it.</param>
/// <param name="Slaves">Who may retrieve it.</param>
public sealed record KeyGrant(QuantumKeyId Id, int SizeInBits, IReadOnlyList<UnitRange> Units, MemberId Master, IReadOnlyList<MemberId> Slaves)
{
    /// <summary>The most units that one key may have.</summary>
    public const int MostUnits = 4096;

    /// <summary>The most parties it may be granted to.</summary>
    public const int MostSlaves = 64;

    internal void WriteTo(CanonicalWriter writer) => writer
        .Bytes(Id.ToArray()).UInt32((uint)SizeInBits)
        .List(Units, (w, range) => w.UInt64(range.First.Block).UInt32(range.First.Index).UInt32(range.Count))
        .Member(Master).List(Slaves, (w, slave) => w.Member(slave));

    internal static KeyGrant Read(ref CanonicalReader reader)
    {
        byte[] id = reader.Bytes();
        reader.Require(id.Length == QuantumKeyId.SizeInBytes);
        uint size = reader.UInt32();
        int ranges = reader.Count(16);
        reader.Require(ranges is >= 1 and <= MostUnits);
        var units = new UnitRange[reader.Failed ? 0 : ranges];
        ulong count = 0;
        for (int i = 0; i < units.Length && !reader.Failed; i++)
        {
            units[i] = new UnitRange(new KeyUnit(reader.UInt64(), reader.UInt32()), reader.UInt32());
            count += units[i].Count;
            reader.Require(
                units[i].Count is >= 1 and <= MostUnits && units[i].First.Block <= KeyUnit.LastBlock && units[i].First.Index + (ulong)units[i].Count < 1UL << KeyUnit.IndexBits);
        }
        reader.Require(size is >= 8 and <= MostUnits * KeyUnit.SizeInBits && size % 8 == 0 && count == (ulong)KeyUnit.UnitsFor((int)Math.Min(size, int.MaxValue / 2)));
        MemberId master = reader.Member();
        int named = reader.Count(5);
        reader.Require(named is >= 1 and <= MostSlaves);
        var slaves = new MemberId[reader.Failed ? 0 : named];
        for (int i = 0; i < slaves.Length && !reader.Failed; i++)
            slaves[i] = reader.Member();
        reader.Require(slaves.Distinct().Count() == slaves.Length);
        return new KeyGrant(reader.Failed ? default : new QuantumKeyId(id), (int)Math.Min(size, int.MaxValue), units, master, slaves);
    }
}
