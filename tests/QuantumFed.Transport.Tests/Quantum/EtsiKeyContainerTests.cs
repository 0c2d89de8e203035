using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.Transport.Tests;

/// <summary>The parser of key containers: one form of a key, and nothing thrown at what is none.</summary>
public sealed class EtsiKeyContainerTests
{
    private static readonly QuantumKeyId Id = QuantumKeyId.Parse("01234567-89ab-cdef-0123-456789abcdef");

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(1024)]
    public void A_key_comes_back_from_its_container(int size)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(size);
        Assert.Equal(secret, Read(FakeKeyManager.Container(Id, secret)));
    }

    [Fact]
    public void Escapes_uppercase_ids_white_space_and_extensions_of_the_standard_are_read()
    {
        byte[] secret = [.. Enumerable.Repeat((byte)0xfb, 32)];
        string escaped = string.Concat(Convert.ToBase64String(secret).Select(c => $"\\u{(int)c:x4}"));
        string json = $$"""
            { "key_container_extension": {"x": [1]}, "keys": [ {"key_ID_extension": null, "key": "{{escaped}}", "key_extension": "y",
              "key_ID": "{{Id.ToString().ToUpperInvariant()}}"} ] }
            """;
        Assert.Equal(secret, Read(json));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(0)]
    [InlineData(1025)]
    [InlineData(4000)]
    public void A_key_too_short_or_too_long_is_refused(int size) => Assert.Null(Read(FakeKeyManager.Container(Id, new byte[size])));

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAA\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("\\ud800AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Base64_has_one_form(string text) => Assert.Null(Read($$"""{"keys":[{"key_ID":"{{Id}}","key":"{{text}}"}]}"""));

    [Theory]
    [InlineData("\"colour\":1,")]
    [InlineData("\"key\":\"\",")]
    [InlineData("\"key_ID\":\"01234567-89ab-cdef-0123-456789abcdef\",")]
    [InlineData("\"\\ud800\":1,")]
    [InlineData("/* note */")]
    public void Members_that_the_standard_has_not_or_has_once_are_refused(string member) =>
        Assert.Null(Read(FakeKeyManager.Container(Id, new byte[32]).Replace("{\"key_ID\"", $"{{{member}\"key_ID\"", StringComparison.Ordinal)));

    [Fact]
    public void A_second_list_and_a_second_document_are_refused()
    {
        string json = FakeKeyManager.Container(Id, new byte[32]);
        Assert.NotNull(Read(json));
        Assert.Null(Read(json + "{}"));
        Assert.Null(Read($"{json[..^1]},{json[1..]}"));
        Assert.Null(Read($"[{json}]"));
        Assert.Null(Read(json.Replace("[{", "[[{", StringComparison.Ordinal).Replace("}]", "}]]", StringComparison.Ordinal)));
    }

    [Fact]
    public void Cut_and_damaged_bytes_never_throw()
    {
        byte[] json = Encoding.UTF8.GetBytes(FakeKeyManager.Container(Id, new byte[32]));
        for (int length = 0; length < json.Length; length++)
            Assert.Null(EtsiKeyContainer.Read(json.AsSpan(0, length)));
        for (int i = 0; i < json.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] damaged = [.. json];
                damaged[i] = (byte)value;
                EtsiKeyContainer.Read(damaged)?.Dispose();
                EtsiError.TryRead(damaged, out _);
                EtsiStatus.Read(damaged, Consortium.MemberName, Consortium.CoordinatorName);
            }
        }
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string deep = new string('[', 10_000) + new string(']', 10_000);
        Assert.Null(Read($$"""{"key_container_extension":{{deep}},"keys":[]}"""));
        Assert.False(EtsiError.TryRead(Encoding.UTF8.GetBytes($$"""{"message":"x","details":{{deep}}}"""), out _));
    }

    private static byte[]? Read(string json)
    {
        using QuantumKey? key = EtsiKeyContainer.Read(Encoding.UTF8.GetBytes(json));
        if (key is not null)
            Assert.Equal(Id, key.Id);
        return key?.Take().ToArray();
    }
}
