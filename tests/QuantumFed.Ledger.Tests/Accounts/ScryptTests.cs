using System.Text;

namespace QuantumFed.Ledger.Tests;

public sealed class ScryptTests
{
    // RFC 7914, section 12: password, salt, N, r, p and the first 32 bytes of the 64.
    public static TheoryData<string, string, int, int, int, string> Rfc7914 => new()
    {
        { "", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442" },
        { "password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162" },
        { "pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" },
        { "pleaseletmein", "SodiumChloride", 1048576, 8, 1, "2101cb9b6a511aaeaddbbe09cf70f881ec568d574a2ffd4dabe5ee9820adaa47" },
    };

    [Theory]
    [MemberData(nameof(Rfc7914))]
    public void Keys_are_those_of_RFC_7914(string password, string salt, int n, int r, int p, string expected)
    {
        byte[] key = new byte[KeyDerivation.KeySizeInBytes];
        new ScryptDerivation(n, r, p, Encoding.ASCII.GetBytes(salt)).Derive(Encoding.ASCII.GetBytes(password), key);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(16, 3)]
    [InlineData(1024, 8)]
    [InlineData(32768, 2)]
    public void With_one_block_OpenSSL_and_our_own_agree(int n, int p)
    {
        byte[] ours = new byte[KeyDerivation.KeySizeInBytes], theirs = new byte[KeyDerivation.KeySizeInBytes];
        byte[] salt = [.. Enumerable.Range(0, 32).Select(i => (byte)(i + n))];
        Assert.True(OpenSslScrypt.Takes(n, 1));
        OneBlockScrypt.Derive("password"u8, salt, n, p, ours);
        OpenSslScrypt.Derive("password"u8, salt, n, 1, p, theirs);
        Assert.Equal(theirs, ours);
    }

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(1, 8, 1)]
    [InlineData(-2, 8, 1)]
    [InlineData(1000, 8, 1)]
    [InlineData(1024, 0, 1)]
    [InlineData(1024, -8, 1)]
    [InlineData(1024, 8, 0)]
    [InlineData(1024, 8, long.MinValue)]
    [InlineData(1L << 21, 8, 1)]
    [InlineData(1L << 40, 8, 1)]
    [InlineData(2, 1L << 40, 1)]
    [InlineData(2, 1, 1L << 40)]
    [InlineData(2, 1, 1L << 24)]
    [InlineData(1L << 18, 8, 9)]
    [InlineData(long.MinValue, long.MaxValue, long.MaxValue)]
    public void What_is_no_scrypt_or_costs_too_much_is_refused(long n, long r, long p) =>
        Assert.Throws<ArgumentException>(() => new ScryptDerivation(n, r, p, new byte[32]));
}
