using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class EthereumAddressTests
{
    [Fact]
    public void Text_round_trips()
    {
        EthereumAddress address = EthereumAddress.Parse("0x6AC7EA33f8831ea9dcc53393aaa88b25a785dbf0");
        Assert.Equal("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", address.ToString());
        Assert.Equal(address, new EthereumAddress(address.ToArray()));
    }

    // The well-known first contracts of this account: the example of Ethereum's own documentation.
    [Theory]
    [InlineData(0, "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d")]
    [InlineData(1, "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8")]
    [InlineData(2, "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91")]
    public void Created_contracts_have_the_known_addresses(ulong nonce, string expected) =>
        Assert.Equal(expected, EthereumAddress.OfContract(EthereumAddress.Parse("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"), nonce).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")]
    [InlineData("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf")]
    [InlineData("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf00")]
    [InlineData("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbg0")]
    [InlineData("0X6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")]
    public void Other_texts_are_refused(string? text) => Assert.False(EthereumAddress.TryParse(text, out _));

    [Fact]
    public void Order_is_that_of_bytes()
    {
        EthereumAddress low = EthereumAddress.Parse("0x00000000000000000000000000000000000000ff");
        EthereumAddress high = EthereumAddress.Parse("0x0000000000000000010000000000000000000000");
        Assert.True(low < high);
        Assert.True(high >= low);
        Assert.True(default(EthereumAddress).IsZero);
        Assert.False(low.IsZero);
    }
}
