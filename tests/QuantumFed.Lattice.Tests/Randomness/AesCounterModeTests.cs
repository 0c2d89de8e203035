using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class AesCounterModeTests
{
    // NIST SP 800-38A, F.5.5 CTR-AES256.Encrypt.
    private const string Key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    private const string Counter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

    private const string Plaintext =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

    private const string Ciphertext =
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6";

    public static TheoryData<bool> Backends => AesCounterMode.IsHardwareAccelerated ? [false, true] : [false];

    [Theory]
    [MemberData(nameof(Backends))]
    public void Keystream_masks_the_plaintext_of_SP_800_38A_F_5_5(bool useHardware)
    {
        using AesCounterMode stream = AesCounterMode.Create(Convert.FromHexString(Key), Convert.FromHexString(Counter), useHardware);
        byte[] text = Convert.FromHexString(Plaintext), keystream = new byte[64];
        stream.Fill(keystream);
        for (int i = 0; i < text.Length; i++)
            text[i] ^= keystream[i];
        Assert.Equal(Ciphertext, Convert.ToHexStringLower(text));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Keystream_does_not_depend_on_how_it_is_cut(bool useHardware)
    {
        byte[] key = Convert.FromHexString(Key), counter = Convert.FromHexString(Counter);
        using AesCounterMode whole = AesCounterMode.Create(key, counter, useHardware), pieces = AesCounterMode.Create(key, counter, useHardware);
        byte[] expected = new byte[131 * 130 / 2], actual = new byte[expected.Length];
        whole.Fill(expected);
        for (int length = 0, offset = 0; length <= 130; offset += length, length++)
            pieces.Fill(actual.AsSpan(offset, length));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Hardware_and_portable_keystreams_are_equal_across_counter_carries()
    {
        Assert.SkipUnless(AesCounterMode.IsHardwareAccelerated, "The processor's AES instructions are absent or switched off.");
        using RandomStream seeds = RandomStream.FromSeed([1], "test");
        byte[] key = new byte[32], counter = new byte[16];
        foreach (string start in (string[])[new('0', 32), new string('f', 32), "0000000000000000fffffffffffffffd", "00ffffffffffffffffffffffffffffff", Counter])
        {
            seeds.Fill(key);
            counter = Convert.FromHexString(start);
            using AesCounterMode hardware = AesCounterMode.Create(key, counter, true), portable = AesCounterMode.Create(key, counter, false);
            byte[] a = new byte[5000], b = new byte[5000];
            hardware.Fill(a);
            portable.Fill(b);
            Assert.Equal(b, a);
        }
    }

    [Fact]
    public void A_disposed_keystream_refuses()
    {
        AesCounterMode stream = AesCounterMode.Create(new byte[32], new byte[16]);
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stream.Fill(new byte[1]));
    }

    [Theory]
    [InlineData(31, 16)]
    [InlineData(32, 15)]
    public void Wrong_lengths_are_refused(int key, int counter) =>
        Assert.Throws<ArgumentException>(() => AesCounterMode.Create(new byte[key], new byte[counter]));
}
