using System.Globalization;
using System.Numerics;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class AbiCodecTests
{
    [Fact]
    public void Encodings_agree_with_ethers_for_every_type()
    {
        int count = 0;
        foreach (JsonElement test in TestFiles.Shared("ethers_abi.json").EnumerateArray())
        {
            string name = test.GetProperty("type").GetString()!;
            AbiType type = AbiType.Parse(name);
            AbiType tuple = AbiType.TupleOf([type]);
            object value = FromVerbose(type, test.GetProperty("verbose"));
            byte[] expected = TestFiles.Hex(test.GetProperty("encoded"));
            Assert.True(AbiCodec.Encode(tuple, [value]).AsSpan().SequenceEqual(expected), name);
            Assert.True(AbiCodec.TryDecode(tuple, expected, out object[]? decoded), name);
            Assert.Equal(expected, AbiCodec.Encode(tuple, decoded));
            count++;
        }
        Assert.Equal(400, count);
    }

    [Fact]
    public void A_round_trip_of_closing_arguments_gives_them_back()
    {
        AbiType type = AbiType.Parse("(uint64,address[],address[],uint8[],bytes32)");
        EthereumAddress[] accounts = [.. Enumerable.Range(1, 3).Select(i => EthereumAddress.OfContract(default, (ulong)i))];
        object[] values = [7UL, accounts.Cast<object>().ToArray(), Array.Empty<object>(), new object[] { 1UL, 255UL }, Digest.Of([1])];
        Assert.True(AbiCodec.TryDecode(type, AbiCodec.Encode(type, values), out object[]? decoded));
        Assert.Equal(values[0], decoded[0]);
        Assert.Equal((object[])values[1], (object[])decoded[1]);
        Assert.Empty((object[])decoded[2]);
        Assert.Equal((object[])values[3], (object[])decoded[3]);
        Assert.Equal(values[4], decoded[4]);
    }

    [Fact]
    public void Every_changed_bit_gives_other_values_or_none()
    {
        AbiType type = AbiType.Parse("(uint64,address[],uint8[],bytes32,string)");
        object[] values = [7UL, new object[] { default(EthereumAddress) }, new object[] { 1UL }, Digest.Of([1]), "text"];
        byte[] encoded = AbiCodec.Encode(type, values);
        for (int bit = 0; bit < 8 * encoded.Length; bit++)
        {
            byte[] changed = [.. encoded];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (AbiCodec.TryDecode(type, changed, out object[]? decoded))
                Assert.Equal(changed, AbiCodec.Encode(type, decoded));
        }
        for (int length = 0; length < encoded.Length; length++)
            Assert.False(AbiCodec.TryDecode(type, encoded.AsSpan(0, length), out _));
    }

    [Fact]
    public void Arrays_that_claim_more_than_the_data_can_hold_are_refused()
    {
        AbiType type = AbiType.Parse("(uint8[][][])");
        byte[] data = new byte[32 * 64];
        // Every offset points to the beginning, every length is large: nothing may be built from it.
        for (int word = 0; word < 64; word++)
            data[32 * word + 31] = 32;
        Assert.False(AbiCodec.TryDecode(type, data, out _));
    }

    [Theory]
    [InlineData("int7")]
    [InlineData("int264")]
    [InlineData("fixed128x18")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("bytes33")]
    [InlineData("address[0]")]
    [InlineData("function")]
    public void Types_outside_the_contracts_are_refused(string name) => Assert.Throws<FormatException>(() => AbiType.Parse(name));

    [Fact]
    public void Values_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode(AbiType.Parse("(uint8)"), [256UL]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode(AbiType.Parse("(int8)"), [128L]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode(AbiType.Parse("(int8)"), [-129L]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode(AbiType.Parse("(int72)"), [BigInteger.One << 71]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode(AbiType.Parse("(uint8)"), ["1"]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode(AbiType.Parse("(uint8,uint8)"), [1UL]));
        Assert.Throws<ArgumentException>(() => AbiCodec.Encode(AbiType.Parse("(uint8[2])"), [new object[] { 1UL }]));
    }

    [Fact]
    public void Signed_integers_have_their_sign_in_every_bit_above_them()
    {
        AbiType type = AbiType.Parse("(int8,int72)");
        byte[] encoded = AbiCodec.Encode(type, [-128L, -(BigInteger.One << 71)]);
        Assert.Equal($"{new string('f', 62)}80{new string('f', 46)}80{new string('0', 16)}", Convert.ToHexStringLower(encoded));
        Assert.True(AbiCodec.TryDecode(type, encoded, out object[]? values));
        Assert.Equal(-128L, values[0]);
        for (int bit = 0; bit < 31 * 8; bit++)
        {
            byte[] changed = [.. encoded];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(AbiCodec.TryDecode(type, changed, out _));
        }
    }

    private static object FromVerbose(AbiType type, JsonElement verbose)
    {
        JsonElement value = verbose.GetProperty("value");
        switch (type.Kind)
        {
            case AbiKind.Address:
                return EthereumAddress.Parse(value.GetString()!);
            case AbiKind.Boolean:
                return value.GetBoolean();
            case AbiKind.UnsignedInteger:
                BigInteger number = BigInteger.Parse(value.ToString(), CultureInfo.InvariantCulture);
                return type.Size <= 64 ? (object)(ulong)number : number;
            case AbiKind.SignedInteger:
                BigInteger signed = BigInteger.Parse(value.ToString(), CultureInfo.InvariantCulture);
                return type.Size <= 64 ? (object)(long)signed : signed;
            case AbiKind.FixedBytes:
                byte[] bytes = TestFiles.Hex(value);
                return type.Size == 32 ? (object)new Digest(bytes) : bytes;
            case AbiKind.Bytes:
                return TestFiles.Hex(value);
            case AbiKind.Text:
                return value.GetString()!;
            default:
                return value.EnumerateArray()
                    .Select((item, i) => FromVerbose(type.Kind == AbiKind.Tuple ? type.Components[i] : type.Element!, item)).ToArray();
        }
    }
}
