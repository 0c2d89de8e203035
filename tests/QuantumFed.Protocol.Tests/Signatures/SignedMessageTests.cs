using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.Protocol.Tests;

public sealed class SignedMessageTests
{
    [Fact]
    public void Its_frame_does_not_change() => Assert.Equal(
        "ef0f7607d9605e8eca45f1e14ca7977b258f85a0f691b86c44ce10d15b3ca9f4",
        Sample.Unsigned(RecordKind.Consent, Sample.Bytes(Sample.Consent)).Digest.ToString());

    [Fact]
    public void What_was_signed_opens_under_the_signers_key_only()
    {
        Requires.PostQuantum();
        using SigningKey key = SigningKey.Generate(), other = SigningKey.Generate();
        SignedMessage message = SignedMessage.Sign(Sample.Finalization, Sample.North, key);
        Assert.True(SignedMessage.TryParse(message.ToArray(), out SignedMessage? read));
        Assert.True(read.TryOpen(key.VerificationKey, out Finalization? record));
        Assert.Equal(Sample.Finalization, record);
        Assert.Equal((RecordKind.Finalization, Sample.North), (read.Kind, read.Signer));
        Assert.Equal(message.Digest, read.Digest);
        Assert.Equal(Digest.Of(Sample.Bytes(Sample.Finalization)), read.BodyDigest);
        Assert.False(read.TryOpen(other.VerificationKey, out record));
        Assert.Null(record);
    }

    [Fact]
    public void An_altered_byte_of_body_or_signature_is_refused()
    {
        Requires.PostQuantum();
        using SigningKey key = SigningKey.Generate();
        byte[] bytes = SignedMessage.Sign(Sample.Consent, Sample.North, key).ToArray();
        int body = 1 + 4 + Sample.North.Name.Length + 4;
        int[] positions = [body, body + 31, body + 32 + 4, body + 32 + 4 + 1500, bytes.Length - 1];
        foreach (int position in positions)
        {
            byte[] altered = (byte[])bytes.Clone();
            altered[position] ^= 1;
            Assert.True(SignedMessage.TryParse(altered, out SignedMessage? message));
            Assert.False(message.TryOpen<Consent>(key.VerificationKey, out _));
        }
    }

    [Fact]
    public void A_signature_over_one_kind_never_passes_for_another()
    {
        Requires.PostQuantum();
        using SigningKey key = SigningKey.Generate();
        // The body is one digest, which others could begin with: only the context keeps them apart.
        byte[] body = Sample.Bytes(Sample.Consent);
        byte[] signature = key.Sign(RecordKind.Consent, body);
        foreach (RecordKind kind in Enum.GetValues<RecordKind>())
            Assert.Equal(kind == RecordKind.Consent, key.VerificationKey.Verifies(kind, body, signature));
        SignedMessage consent = SignedMessage.Sign(Sample.Consent, Sample.North, key);
        Assert.False(consent.TryOpen<Finalization>(key.VerificationKey, out _));
        Assert.False(consent.TryReadUnverified<Finalization>(out _));
    }

    [Theory]
    [InlineData(RecordKind.Consent, "QuantumFed/Consent/v1")]
    [InlineData(RecordKind.RoundKey, "QuantumFed/RoundKey/v1")]
    [InlineData(RecordKind.RoundPlan, "QuantumFed/RoundPlan/v1")]
    [InlineData(RecordKind.UpdateManifest, "QuantumFed/UpdateManifest/v1")]
    [InlineData(RecordKind.PayloadHeader, "QuantumFed/PayloadHeader/v1")]
    [InlineData(RecordKind.ShareReport, "QuantumFed/ShareReport/v1")]
    [InlineData(RecordKind.RoundClosing, "QuantumFed/RoundClosing/v1")]
    [InlineData(RecordKind.KeySumShare, "QuantumFed/KeySumShare/v1")]
    [InlineData(RecordKind.RoundOutcome, "QuantumFed/RoundOutcome/v1")]
    [InlineData(RecordKind.Finalization, "QuantumFed/Finalization/v1")]
    [InlineData(RecordKind.Attestation, "QuantumFed/Attestation/v1")]
    [InlineData(RecordKind.Abandonment, "QuantumFed/Abandonment/v1")]
    public void Each_kind_signs_under_a_context_of_its_own(RecordKind kind, string context)
    {
        Requires.PostQuantum();
        using MLDsa plain = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65);
        using SigningKey key = SigningKey.ImportPem(plain.ExportPkcs8PrivateKeyPem());
        byte[] signature = key.Sign(kind, "body"u8);
        Assert.True(plain.VerifyData("body"u8, signature, Encoding.ASCII.GetBytes(context)));
        Assert.False(plain.VerifyData("body"u8, signature, []));
    }

    [Fact]
    public void Two_signatures_over_the_same_record_have_one_body_digest_and_two_signature_digests()
    {
        Requires.PostQuantum();
        using SigningKey key = SigningKey.Generate();
        SignedMessage first = SignedMessage.Sign(Sample.Consent, Sample.North, key), second = SignedMessage.Sign(Sample.Consent, Sample.North, key);
        Assert.Equal(first.BodyDigest, second.BodyDigest);
        Assert.NotEqual(first.SignatureDigest, second.SignatureDigest);
    }

    [Fact]
    public void A_key_comes_back_from_its_pem_and_other_algorithms_are_refused()
    {
        Requires.PostQuantum();
        using SigningKey key = SigningKey.Generate();
        using SigningKey again = SigningKey.ImportPem(key.ExportPem());
        Assert.Equal(key.VerificationKey.Digest, again.VerificationKey.Digest);
        Assert.True(VerificationKey.TryParse(key.VerificationKey.ToArray(), out VerificationKey? verification));
        Assert.True(verification.Verifies(RecordKind.Consent, [1], again.Sign(RecordKind.Consent, [1])));
        using MLDsa smaller = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa44);
        Assert.Throws<CryptographicException>(() => SigningKey.ImportPem(smaller.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => SigningKey.ImportPem("no key"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1951)]
    [InlineData(1953)]
    [InlineData(1312)]
    public void A_verification_key_has_one_length(int length) => Assert.False(VerificationKey.TryParse(new byte[length], out _));

    [Theory]
    [InlineData(0)]
    [InlineData(3308)]
    [InlineData(3310)]
    public void A_signature_of_another_length_is_none(int length)
    {
        byte[] bytes = new CanonicalWriter().Byte(1).Member(Sample.North).Bytes([1]).Bytes(new byte[length]).ToArray();
        Assert.False(SignedMessage.TryParse(bytes, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(255)]
    public void A_kind_that_there_is_not_is_refused(byte kind)
    {
        byte[] bytes = new CanonicalWriter().Byte(kind).Member(Sample.North).Bytes([1]).Bytes(new byte[3309]).ToArray();
        Assert.False(SignedMessage.TryParse(bytes, out _));
    }

    [Fact]
    public void Whatever_bytes_are_read_as_a_message_are_its_only_encoding()
    {
        var random = new Random(4711);
        byte[] sample = Sample.Unsigned(RecordKind.RoundPlan, Sample.Bytes(Sample.Plan)).ToArray();
        Assert.False(SignedMessage.TryParse([.. sample, 0], out _));
        for (int run = 0; run < 4000; run++)
        {
            byte[] bytes = run % 2 == 0 ? (byte[])sample.Clone() : sample[..random.Next(sample.Length)];
            for (int change = random.Next(1, 4); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(Math.Min(bytes.Length, 300))] = (byte)random.Next(256);
            if (SignedMessage.TryParse(bytes, out SignedMessage? message))
                Assert.Equal(bytes, message.ToArray());
        }
    }
}
