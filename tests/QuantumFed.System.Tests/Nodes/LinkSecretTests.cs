using QuantumFed.Node;

namespace QuantumFed.System.Tests;

public sealed class LinkSecretTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, false)]
    [InlineData(63, false)]
    [InlineData(64, true)]
    [InlineData(1 << 20, true)]
    [InlineData((1 << 20) + 1, false)]
    public void A_secret_of_another_size_than_documented_is_a_failure_of_the_settings(int size, bool isGood)
    {
        string path = _folder.At(LinkFounder.SecretName);
        File.WriteAllBytes(path, new byte[size]);
        string folder = Path.GetDirectoryName(path)!;
        if (isGood)
            Assert.Equal(size, LinkHost.ReadSecret(folder).Length);
        else
            Assert.Contains($"it has {size} bytes", Assert.Throws<SettingsException>(() => LinkHost.ReadSecret(folder)).Message, StringComparison.Ordinal);
    }
}
