using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>The combiner against its vectors, and the seal against everyone between its ends.</summary>
public sealed class SealTests
{
    private static readonly byte[] UpdateId = [1, 2, 3];

    [Theory]
    [InlineData("hybrid", PayloadMode.MLKemAndQuantumKey, 16, 32)]
    [InlineData("pq_only", PayloadMode.MLKemOnly, 0, 0)]
    public void The_combiner_derives_what_the_vectors_say(string name, PayloadMode mode, int keyIdsSize, int quantumKeySize)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "payload-combiner-v1.json")));
        JsonElement inputs = document.RootElement.GetProperty("inputs");
        JsonElement expected = document.RootElement.GetProperty(name);
        byte[] Input(string field) => Convert.FromHexString(inputs.GetProperty(field).GetString()!);
        string Expected(string field) => expected.GetProperty(field).GetString()!;
        byte[] keyIds = [.. Enumerable.Range(0x0a, keyIdsSize).Select(i => (byte)i)];
        byte[] quantumKey = [.. Enumerable.Range(0x07, quantumKeySize).Select(i => (byte)i)];

        Assert.Equal(Input("suite"), PayloadCombiner.Suite.ToArray());
        PayloadContext context = new(
            Input("fed"), new RoundId(inputs.GetProperty("rnd").GetUInt64()), Input("upd"), new Sha384Digest(Input("snd")), new Sha384Digest(Input("rcv")),
            new Sha384Digest(Input("policy")), Input("master"), Input("slave"));
        Sha384Digest contextHash = PayloadCombiner.ContextHash(mode, context, Input("ek"), Input("ct"), keyIds);
        Assert.Equal(Expected("ctx"), contextHash.ToString());
        byte[] pseudorandomKey = new byte[48];
        PayloadCombiner.Extract(Input("ss"), quantumKey, pseudorandomKey);
        Assert.Equal(Expected("prk"), Convert.ToHexStringLower(pseudorandomKey));
        using PayloadKeys keys = PayloadCombiner.Derive(Input("ss"), quantumKey, contextHash);
        Assert.Equal(Expected("key"), Convert.ToHexStringLower(keys.Key));
        Assert.Equal(Expected("iv"), Convert.ToHexStringLower(keys.Iv));
        Assert.Equal(Expected("commit"), Convert.ToHexStringLower(keys.Commitment));
    }

    [Fact]
    public void What_is_sealed_opens_to_itself()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        byte[][] plaintexts = [new byte[PayloadSealer.MaxChunkSizeInBytes], [1], [], [2, 3]];
        plaintexts[0].AsSpan().Fill(7);
        (byte[] header, byte[][] chunks) = Seal(pair, Context(), plaintexts);
        Assert.Equal(1123, header.Length);
        Assert.True(TryCreate(pair, header, Context(), out PayloadOpener? opener));
        using (opener)
        {
            for (int i = 0; i < chunks.Length; i++)
            {
                Assert.False(opener.IsComplete);
                Assert.Equal(plaintexts[i].Length + PayloadSealer.ChunkOverheadInBytes, chunks[i].Length);
                Assert.True(opener.TryOpenNext(chunks[i], i == chunks.Length - 1, out byte[]? opened));
                Assert.Equal(plaintexts[i], opened);
            }
            Assert.True(opener.IsComplete);
            Assert.Equal(PayloadMode.MLKemOnly, opener.Mode);
        }
    }

    [Fact]
    public void A_restored_key_pair_opens_what_was_sealed_to_the_first()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        byte[] seed = new byte[PayloadKeyPair.PrivateSeedSizeInBytes];
        pair.ExportPrivateSeed(seed);
        using PayloadKeyPair restored = PayloadKeyPair.ImportPrivateSeed(seed);
        Assert.True(pair.EncapsulationKey.Span.SequenceEqual(restored.EncapsulationKey.Span));
        Assert.True(Opens(restored, Context(), Seal(pair, Context(), [[1], [2]])));
    }

    [Fact]
    public void Every_flipped_bit_of_the_header_is_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, _) = Seal(pair, Context(), [[1]]);
        for (int bit = 0; bit < header.Length * 8; bit += bit < 24 || bit >= (header.Length - 32) * 8 ? 1 : 13)
        {
            byte[] flipped = [.. header];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TryCreate(pair, flipped, Context(), out _), $"bit {bit}");
        }
    }

    [Fact]
    public void A_header_of_another_length_or_mode_is_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, _) = Seal(pair, Context(), [[1]]);
        for (int length = 0; length < header.Length; length += length < 8 ? 1 : 97)
            Assert.False(TryCreate(pair, header.AsSpan(0, length), Context(), out _), $"length {length}");
        Assert.False(TryCreate(pair, [.. header, 0], Context(), out _));
        byte[] hybrid = [header[0], (byte)PayloadMode.MLKemAndQuantumKey, 1, .. new byte[16], .. header.AsSpan(3)];
        Assert.True(SealHeader.TryRead(hybrid, out _));
        Assert.False(TryCreate(pair, hybrid, Context(), out _));
    }

    [Fact]
    public void Every_flipped_bit_of_a_chunk_is_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, byte[][] chunks) = Seal(pair, Context(), [[1, 2, 3]]);
        for (int bit = 0; bit < chunks[0].Length * 8; bit++)
        {
            byte[] flipped = [.. chunks[0]];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Opens(pair, Context(), (header, [flipped])), $"bit {bit}");
        }
    }

    [Fact]
    public void Reordered_repeated_missing_and_foreign_chunks_are_refused()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, byte[][] c) = Seal(pair, Context(), [[1], [2], [3]]);
        (_, byte[][] other) = Seal(pair, Context(), [[1], [2], [3]]);
        Assert.True(Opens(pair, Context(), (header, c)));
        Assert.False(Opens(pair, Context(), (header, [c[1], c[0], c[2]])));
        Assert.False(Opens(pair, Context(), (header, [c[0], c[0], c[2]])));
        Assert.False(Opens(pair, Context(), (header, [c[0], c[2]])));
        Assert.False(Opens(pair, Context(), (header, [c[0], c[1]]))); // cut short, and the last one called final
        Assert.False(Opens(pair, Context(), (header, [other[0], c[1], c[2]])));
        Assert.False(Opens(pair, Context(), (header, [[], c[1], c[2]])));
        Assert.False(Opens(pair, Context(), (header, [new byte[PayloadSealer.MaxChunkSizeInBytes + 17]])));
    }

    [Fact]
    public void A_payload_cut_short_is_not_complete_and_an_extra_chunk_spoils_it()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, byte[][] chunks) = Seal(pair, Context(), [[1], [2]]);
        Assert.True(TryCreate(pair, header, Context(), out PayloadOpener? opener));
        using (opener)
        {
            Assert.True(opener.TryOpenNext(chunks[0], false, out _));
            Assert.False(opener.IsComplete);
            Assert.True(opener.TryOpenNext(chunks[1], true, out _));
            Assert.True(opener.IsComplete);
            Assert.False(opener.TryOpenNext(chunks[1], true, out _));
            Assert.False(opener.IsComplete);
        }
    }

    [Fact]
    public void After_a_refusal_nothing_opens()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        (byte[] header, byte[][] chunks) = Seal(pair, Context(), [[1], [2]]);
        Assert.True(TryCreate(pair, header, Context(), out PayloadOpener? opener));
        using (opener)
        {
            Assert.False(opener.TryOpenNext(chunks[1], false, out _));
            Assert.False(opener.TryOpenNext(chunks[0], false, out _));
        }
    }

    [Fact]
    public void Every_field_of_the_context_must_agree()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate(), otherPair = PayloadKeyPair.Generate();
        (byte[] header, _) = Seal(pair, Context(), [[1]]);
        Sha384Digest other = Sha384Digest.Of("other"u8);
        PayloadContext[] wrong =
        [
            Context(federation: new FederationId(Digest.Of("other"u8))), Context(round: 8), Context(updateId: [1, 2, 4]), Context(sender: other), Context(recipient: other),
            Context(policy: other), Context(master: "SAE-X"), Context(slave: "SAE-X"), Context(master: "SAE-ASAE-B", slave: ""),
        ];
        Assert.True(TryCreate(pair, header, Context(), out PayloadOpener? opener));
        opener.Dispose();
        Assert.All(wrong, context => Assert.False(TryCreate(pair, header, context, out _)));
        Assert.False(TryCreate(otherPair, header, Context(), out _));
    }

    [Fact]
    public void A_sealer_takes_no_chunk_too_long_and_none_after_the_final_one()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        using PayloadSealer sealer = PayloadSealer.Create(pair.EncapsulationKey.Span, Context(), null);
        Assert.Throws<ArgumentException>(() => sealer.SealNext(new byte[PayloadSealer.MaxChunkSizeInBytes + 1], false));
        sealer.SealNext([1], true);
        Assert.Throws<InvalidOperationException>(() => sealer.SealNext([1], true));
        sealer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sealer.SealNext([1], true));
    }

    [Fact]
    public void Bytes_that_are_no_encapsulation_key_are_refused()
    {
        Requires.PostQuantum();
        Assert.Throws<ArgumentException>(() => PayloadSealer.Create(new byte[1183], Context(), null));
        byte[] unreduced = new byte[PayloadKeyPair.EncapsulationKeySizeInBytes];
        unreduced.AsSpan().Fill(0xff); // coefficients of 4095, beyond q = 3329 (FIPS 203, section 7.2)
        Assert.Throws<ArgumentException>(() => PayloadSealer.Create(unreduced, Context(), null));
    }

    [Fact]
    public void Equal_chunks_never_seal_to_equal_bytes()
    {
        Requires.PostQuantum();
        using PayloadKeyPair pair = PayloadKeyPair.Generate();
        byte[] zeros = new byte[64];
        string[] sealedChunks = [.. Seal(pair, Context(), [zeros, zeros, zeros]).Chunks.Concat(Seal(pair, Context(), [zeros]).Chunks).Select(Convert.ToHexString)];
        Assert.Equal(sealedChunks.Length, sealedChunks.Distinct().Count());
    }

    private static PayloadContext Context(
        FederationId? federation = null,
        ulong round = 7,
        byte[]? updateId = null,
        Sha384Digest? sender = null,
        Sha384Digest? recipient = null,
        Sha384Digest? policy = null,
        string master = "SAE-A",
        string slave = "SAE-B") =>
        PayloadContext.Create(
            federation ?? new FederationId(Digest.Of("federation"u8)),
            new RoundId(round),
            updateId ?? UpdateId,
            sender ?? Sha384Digest.Of("sender"u8),
            recipient ?? Sha384Digest.Of("recipient"u8),
            policy ?? Sha384Digest.Of("policy"u8),
            master,
            slave);

    private static (byte[] Header, byte[][] Chunks) Seal(PayloadKeyPair pair, PayloadContext context, byte[][] plaintexts)
    {
        using PayloadSealer sealer = PayloadSealer.Create(pair.EncapsulationKey.Span, context, null);
        return (sealer.Header.ToArray(), [.. plaintexts.Select((plaintext, i) => sealer.SealNext(plaintext, i == plaintexts.Length - 1))]);
    }

    private static bool TryCreate(PayloadKeyPair pair, ReadOnlySpan<byte> header, PayloadContext context, [NotNullWhen(true)] out PayloadOpener? opener) =>
        PayloadOpener.TryCreate(pair, header, context, null, PayloadFloor.MLKem, out opener, out _);

    private static bool Opens(PayloadKeyPair pair, PayloadContext context, (byte[] Header, byte[][] Chunks) payload)
    {
        if (!TryCreate(pair, payload.Header, context, out PayloadOpener? opener))
            return false;
        using (opener)
            return payload.Chunks.Select((chunk, i) => opener.TryOpenNext(chunk, i == payload.Chunks.Length - 1, out _)).All(opened => opened) && opener.IsComplete;
    }
}
