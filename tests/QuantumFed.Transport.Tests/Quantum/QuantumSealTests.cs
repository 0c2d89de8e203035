using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>Payloads sealed with a key of a quantum link: against the vectors, and against everyone between the ends.</summary>
public sealed class QuantumSealTests
{
    private static readonly QuantumKeyId Id = QuantumKeyId.Parse("0a0b0c0d-0e0f-1011-1213-141516171819");
    private static readonly byte[] Secret = [.. Enumerable.Range(0x07, 32).Select(i => (byte)i)];
    private static readonly byte[][] Plaintexts = [[1, 2, 3], [], [4], [5, 6]];

    [Theory]
    [InlineData("hybrid", true)]
    [InlineData("pq_only", false)]
    public void Sealer_and_opener_keep_to_the_vectors(string name, bool quantum)
    {
        Requires.PostQuantum();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "payload-combiner-v1.json")));
        JsonElement inputs = document.RootElement.GetProperty("inputs"), expected = document.RootElement.GetProperty(name);
        byte[] Input(string field) => Convert.FromHexString(inputs.GetProperty(field).GetString()!);
        byte[] Expected(string field) => Convert.FromHexString(expected.GetProperty(field).GetString()!);
        PayloadContext context = new(
            Input("fed"), new RoundId(inputs.GetProperty("rnd").GetUInt64()), Input("upd"), new Sha384Digest(Input("snd")), new Sha384Digest(Input("rcv")),
            new Sha384Digest(Input("policy")), Input("master"), Input("slave"));

        using QuantumKey? key = quantum ? Key() : null;
        using PayloadSealer sealer = PayloadSealer.Seal(Input("ss"), Input("ek"), Input("ct"), context, key);
        byte[] header = [1, quantum ? (byte)1 : (byte)2, quantum ? (byte)1 : (byte)0, .. quantum ? Id.ToArray() : [], .. Input("ct"), .. Expected("commit")];
        Assert.Equal(header, sealer.Header);
        byte[][] chunks = [.. Plaintexts.Select((plaintext, i) => sealer.SealNext(plaintext, i == Plaintexts.Length - 1))];
        Assert.Equal(Plaintexts.Select((plaintext, i) => Chunk(Expected("key"), Expected("iv"), header, (ulong)i, plaintext, i == Plaintexts.Length - 1)), chunks);

        Assert.True(SealHeader.TryRead(header, out SealHeader? read));
        using QuantumKey? same = quantum ? Key() : null;
        using PayloadOpener? opener = PayloadOpener.Open(Input("ss"), Input("ek"), read, context, same);
        Assert.NotNull(opener);
        for (int i = 0; i < chunks.Length; i++)
        {
            Assert.True(opener.TryOpenNext(chunks[i], i == chunks.Length - 1, out byte[]? plaintext));
            Assert.Equal(Plaintexts[i], plaintext);
        }
    }

    [Fact]
    public void A_recipient_reads_which_key_it_needs_and_opens_with_it()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, byte[][] chunks) = Seal(pair);
        Assert.Equal(1139, header.Length);
        Assert.True(SealHeader.TryRead(header, out SealHeader? read));
        Assert.Equal(PayloadMode.MLKemAndQuantumKey, read.Mode);
        Assert.Equal([Id], read.KeyIds);
        Assert.All(Enum.GetValues<PayloadFloor>(), floor => Assert.Equal(PayloadRefusal.None, Open(pair, header, chunks, floor: floor)));
    }

    [Fact]
    public void Every_flipped_bit_of_the_header_is_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, _) = Seal(pair);
        for (int bit = 0; bit < header.Length * 8; bit++)
        {
            byte[] flipped = Flip(header, bit);
            // The lowest floor, so that it is the seal that refuses.
            Assert.False(PayloadOpener.TryCreate(pair, flipped, Context(), Key(), PayloadFloor.MLKem, out _, out PayloadRefusal refusal), $"bit {bit}");
            PayloadRefusal expected = bit switch
            {
                < 24 => PayloadRefusal.Malformed,
                < (3 + 16) * 8 => PayloadRefusal.OtherKey,
                _ => PayloadRefusal.NotSealedSo,
            };
            Assert.Equal((bit, expected), (bit, refusal));
        }
    }

    [Fact]
    public void Every_flipped_bit_of_every_chunk_and_every_moved_final_flag_is_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, byte[][] chunks) = Seal(pair);
        for (int i = 0; i < chunks.Length; i++)
        {
            for (int bit = 0; bit < chunks[i].Length * 8; bit++)
            {
                byte[][] flipped = [.. chunks];
                flipped[i] = Flip(chunks[i], bit);
                Assert.Null(Open(pair, header, flipped));
            }
            if (i < chunks.Length - 1)
                Assert.Null(Open(pair, header, chunks, finalAt: i));
        }
        Assert.Null(Open(pair, header, chunks, finalAt: chunks.Length));
    }

    [Fact]
    public void Chunks_in_another_order_repeated_missing_or_of_another_payload_are_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, byte[][] c) = Seal(pair);
        (_, byte[][] other) = Seal(pair);
        Assert.Equal(PayloadRefusal.None, Open(pair, header, c));
        Assert.Null(Open(pair, header, [c[1], c[0], c[2], c[3]]));
        Assert.Null(Open(pair, header, [c[0], c[2], c[1], c[3]]));
        Assert.Null(Open(pair, header, [c[0], c[0], c[1], c[2]]));
        Assert.Null(Open(pair, header, [c[0], c[1], c[3]]));
        Assert.Null(Open(pair, header, [c[0], c[1], c[2]]));
        Assert.Null(Open(pair, header, [.. c, c[3]]));
        Assert.Null(Open(pair, header, [other[0], c[1], c[2], c[3]]));
    }

    [Fact]
    public void A_payload_without_a_quantum_key_is_below_the_floor_that_asks_for_one()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        using PayloadSealer sealer = PayloadSealer.Create(pair.EncapsulationKey.Span, Context(), null);
        byte[] header = sealer.Header.ToArray();
        Assert.Equal(PayloadRefusal.BelowFloor, RefusalOf(pair, header, null, PayloadFloor.QuantumKey));
        Assert.Equal(PayloadRefusal.BelowFloor, RefusalOf(pair, header, Key(), PayloadFloor.QuantumKey));
        Assert.Equal(PayloadRefusal.BelowFloor, RefusalOf(pair, header, null, default));
        Assert.Equal(PayloadRefusal.BelowFloor, RefusalOf(pair, header, null, (PayloadFloor)7));
        Assert.Equal(PayloadRefusal.OtherKey, RefusalOf(pair, header, Key(), PayloadFloor.MLKem));
        Assert.Equal(PayloadRefusal.None, RefusalOf(pair, header, null, PayloadFloor.MLKem));
    }

    [Fact]
    public void Another_key_another_id_no_key_and_several_keys_are_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        byte[] header = Seal(pair).Header;
        Assert.Equal(PayloadRefusal.NotSealedSo, RefusalOf(pair, header, QuantumKey.Create(Id, Flip(Secret, 255))));
        Assert.Equal(PayloadRefusal.NotSealedSo, RefusalOf(pair, header, QuantumKey.Create(Id, [.. Secret, 0])));
        Assert.Equal(PayloadRefusal.OtherKey, RefusalOf(pair, header, QuantumKey.Create(FakeKeyManager.NewId(), Secret)));
        Assert.Equal(PayloadRefusal.NoKey, RefusalOf(pair, header, null));
        Assert.Equal(PayloadRefusal.NoKey, RefusalOf(pair, header, null, PayloadFloor.MLKem));
        byte[] two = [header[0], header[1], 2, .. Id.ToArray(), .. header.AsSpan(3)];
        Assert.True(SealHeader.TryRead(two, out SealHeader? read));
        Assert.Equal([Id, Id], read.KeyIds);
        Assert.Equal(PayloadRefusal.SeveralKeys, RefusalOf(pair, two, Key()));
    }

    [Fact]
    public void Both_ends_of_the_link_and_its_policy_are_in_the_seal()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        byte[] header = Seal(pair).Header;
        Assert.Equal(PayloadRefusal.None, RefusalOf(pair, header, Key()));
        PayloadContext[] wrong = [Context(master: "coordinator", slave: "hospital-1"), Context(master: "hospital-2"), Context(slave: ""), Context(policy: LinkPolicy.Require), Context(round: 8)];
        Assert.All(wrong, context =>
        {
            Assert.False(PayloadOpener.TryCreate(pair, header, context, Key(), PayloadFloor.QuantumKey, out _, out PayloadRefusal refusal));
            Assert.Equal(PayloadRefusal.NotSealedSo, refusal);
        });
        Assert.Throws<ArgumentException>(() => PayloadSealer.Create(pair.EncapsulationKey.Span, Context(master: "", slave: ""), Key()));
        Assert.Throws<ArgumentException>(() => PayloadSealer.Create(pair.EncapsulationKey.Span, Context(slave: ""), Key()));
    }

    [Fact]
    public void A_key_seals_or_opens_once_whatever_comes_of_it()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        QuantumKey key = Key();
        using PayloadSealer sealer = PayloadSealer.Create(pair.EncapsulationKey.Span, Context(), key);
        Assert.Throws<InvalidOperationException>(() => PayloadSealer.Create(pair.EncapsulationKey.Span, Context(), key));
        Assert.Throws<InvalidOperationException>(() => RefusalOf(pair, sealer.Header.ToArray(), key));

        QuantumKey wasted = Key();
        Assert.Throws<ArgumentException>(() => PayloadSealer.Create(new byte[1184 - 1], Context(), wasted));
        Assert.Throws<InvalidOperationException>(() => wasted.Take().Length);
        QuantumKey opening = Key();
        Assert.Equal(PayloadRefusal.Malformed, RefusalOf(pair, [], opening));
        Assert.Throws<InvalidOperationException>(() => opening.Take().Length);
    }

    [Fact]
    public void The_same_payload_under_the_same_link_never_seals_to_the_same_bytes()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        string[] chunks = [.. Enumerable.Range(0, 4).SelectMany(_ => Seal(pair).Chunks).Select(Convert.ToHexString)];
        Assert.Equal(chunks.Length, chunks.Distinct().Count());
    }

    [Fact]
    public void The_hash_of_a_policy_is_over_its_text_and_of_no_link_what_it_always_was()
    {
        Assert.Equal(Sha384Digest.Of("QuantumFed link policy v1: pq-only"u8), PayloadContext.PolicyHash(null));
        Assert.Equal(Sha384Digest.Of("QuantumFed link policy v1: require"u8), PayloadContext.PolicyHash(LinkPolicy.Require));
        Assert.Equal(Sha384Digest.Of("QuantumFed link policy v1: wait 30 s"u8), PayloadContext.PolicyHash(LinkPolicy.Wait(TimeSpan.FromSeconds(30))));
        Assert.Equal(Sha384Digest.Of("QuantumFed link policy v1: allow-pq-only"u8), PayloadContext.PolicyHash(LinkPolicy.AllowPostQuantumOnly));
    }

    private static QuantumKey Key() => QuantumKey.Create(Id, Secret);

    private static PayloadContext Context(ulong round = 7, string master = "hospital-1", string slave = "coordinator", LinkPolicy? policy = null) => PayloadContext.Create(
        new FederationId(Digest.Of("federation"u8)), new RoundId(round), [1, 2, 3], Sha384Digest.Of("sender"u8), Sha384Digest.Of("recipient"u8),
        PayloadContext.PolicyHash(policy ?? LinkPolicy.Wait(TimeSpan.FromSeconds(30))), master, slave);

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    /// <summary>One chunk as docs/wire-format.md describes it, made without the sealer.</summary>
    private static byte[] Chunk(byte[] key, byte[] iv, byte[] header, ulong index, byte[] plaintext, bool final)
    {
        byte[] number = new byte[8], nonce = [.. iv], chunk = new byte[plaintext.Length + 16];
        BinaryPrimitives.WriteUInt64BigEndian(number, index);
        for (int i = 0; i < 8; i++)
            nonce[4 + i] ^= number[i];
        using AesGcm aes = new(key, 16);
        aes.Encrypt(nonce, plaintext, chunk.AsSpan(0, plaintext.Length), chunk.AsSpan(plaintext.Length), [.. header, .. number, final ? (byte)1 : (byte)0]);
        return chunk;
    }

    private static (byte[] Header, byte[][] Chunks) Seal(PayloadKeyPair pair)
    {
        using PayloadSealer sealer = PayloadSealer.Create(pair.EncapsulationKey.Span, Context(), Key());
        return (sealer.Header.ToArray(), [.. Plaintexts.Select((plaintext, i) => sealer.SealNext(plaintext, i == Plaintexts.Length - 1))]);
    }

    private static PayloadRefusal RefusalOf(PayloadKeyPair pair, byte[] header, QuantumKey? key, PayloadFloor floor = PayloadFloor.QuantumKey)
    {
        if (PayloadOpener.TryCreate(pair, header, Context(), key, floor, out PayloadOpener? opener, out PayloadRefusal refusal))
            opener.Dispose();
        return refusal;
    }

    /// <summary>None if the whole payload opens, null if a chunk does not or it is not complete, else why the header was refused.</summary>
    private static PayloadRefusal? Open(PayloadKeyPair pair, byte[] header, byte[][] chunks, int? finalAt = null, PayloadFloor floor = PayloadFloor.QuantumKey)
    {
        if (!PayloadOpener.TryCreate(pair, header, Context(), Key(), floor, out PayloadOpener? opener, out PayloadRefusal refusal))
            return refusal;
        using (opener)
        {
            bool opened = chunks.Select((chunk, i) => opener.TryOpenNext(chunk, i == (finalAt ?? chunks.Length - 1), out _)).All(opens => opens);
            return opened && opener.IsComplete ? PayloadRefusal.None : null;
        }
    }
}
