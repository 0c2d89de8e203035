using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>Keys of quantum links and their ids, as types.</summary>
public sealed class QuantumKeyTests
{
    private const string Text = "0a0b0c0d-0e0f-1011-1213-141516171819";

    [Fact]
    public void An_id_is_its_UUIDs_bytes_in_order()
    {
        QuantumKeyId id = QuantumKeyId.Parse(Text);
        Assert.Equal(Enumerable.Range(0x0a, 16).Select(i => (byte)i), id.ToArray());
        Assert.Equal(id, new QuantumKeyId(id.ToArray()));
        Assert.Equal(Text, id.ToString());
        Assert.Equal(id, QuantumKeyId.Parse(Text.ToUpperInvariant()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0a0b0c0d0e0f10111213141516171819")]
    [InlineData("{0a0b0c0d-0e0f-1011-1213-141516171819}")]
    [InlineData(" a0b0c0d-0e0f-1011-1213-141516171819")]
    [InlineData("+a0b0c0d-0e0f-1011-1213-141516171819")]
    [InlineData("0a0b0c0d-0e0f-1011-1213-14151617181g")]
    [InlineData("0a0b0c0d0-e0f-1011-1213-141516171819")]
    public void What_is_no_UUID_is_no_id(string? text)
    {
        Assert.False(QuantumKeyId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => QuantumKeyId.Parse(text!));
    }

    [Fact]
    public void A_key_is_used_once()
    {
        using QuantumKey key = QuantumKey.Create(QuantumKeyId.Parse(Text), new byte[32]);
        Assert.Equal(32, key.Take().Length);
        Assert.Throws<InvalidOperationException>(() => key.Take().Length);
    }

    [Fact]
    public void A_disposed_key_is_zero_and_used()
    {
        byte[] secret = [.. Enumerable.Repeat((byte)7, 48)];
        QuantumKey key = QuantumKey.Create(QuantumKeyId.Parse(Text), secret);
        ReadOnlySpan<byte> taken = key.Take();
        Assert.Equal(secret, taken);
        key.Dispose();
        Assert.Equal(new byte[48], taken);
        QuantumKey unused = QuantumKey.Create(QuantumKeyId.Parse(Text), secret);
        unused.Dispose();
        Assert.Throws<InvalidOperationException>(() => unused.Take().Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(1025)]
    public void A_key_has_at_least_256_bits_and_a_bound(int size) =>
        Assert.Throws<ArgumentException>(() => QuantumKey.Create(QuantumKeyId.Parse(Text), new byte[size]));

    [Fact]
    public void No_text_of_a_key_or_a_choice_tells_the_key()
    {
        using QuantumKey key = QuantumKey.Create(QuantumKeyId.Parse(Text), new byte[32]);
        Assert.Equal(Text, key.ToString());
        Assert.Equal($"Quantum {{ Key = {Text} }}", new PayloadKeyChoice.Quantum(key).ToString());
    }

    [Fact]
    public void A_key_managers_words_are_cut_and_printable()
    {
        QuantumKeyException error = new(LinkFailure.Refused, "x", "\u001b]0;title\a\u202eä" + new string('z', 5000));
        Assert.Equal("?]0;title???" + new string('z', 188), error.KeyManagerMessage);
        Assert.Equal("", new QuantumKeyException(LinkFailure.Refused, "x").KeyManagerMessage);
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantumKeyException(default, "x"));
    }
}
