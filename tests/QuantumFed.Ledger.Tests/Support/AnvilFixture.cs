namespace QuantumFed.Ledger.Tests;

/// <summary>One chain for all tests that only add to it, each with its own federation. The tests skip where there is no anvil.</summary>
public sealed class AnvilFixture : IAsyncLifetime
{
    public const ulong ChainId = 20260;

    private AnvilProcess? _anvil;

    public static void SkipWithoutAnvil() => Assert.SkipUnless(
        AnvilProcess.FindBinary(TestFiles.RepositoryRoot) is not null,
        "There is no anvil: run `npm ci --ignore-scripts` in network/dev, or name one in QF_ANVIL.");

    public static Task<AnvilProcess> StartAsync(string? stateFile, CancellationToken cancellationToken) =>
        AnvilProcess.StartAsync(TestFiles.RepositoryRoot, 0, ChainId, stateFile, TimeProvider.System, cancellationToken);

    public Uri Endpoint
    {
        get
        {
            SkipWithoutAnvil();
            return _anvil!.Endpoint;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (AnvilProcess.FindBinary(TestFiles.RepositoryRoot) is not null)
            _anvil = await StartAsync(null, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_anvil is not null)
            await _anvil.DisposeAsync();
    }
}
