namespace QuantumFed.Cli;

/// <summary>Stops this process when its standard input closes: also when the program that started it was killed.</summary>
internal static class StandardInputGuard
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Watches on a thread of its own; a process that has not ended some seconds after the input closed is ended.</summary>
    public static void Watch(CancellationTokenSource stop)
    {
        var thread = new Thread(() =>
        {
            using Stream input = Console.OpenStandardInput();
            Span<byte> buffer = stackalloc byte[256];
            try
            {
                while (input.Read(buffer) > 0)
                {
                }
            }
            catch (IOException)
            {
                // As good as closed.
            }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            using var never = new ManualResetEventSlim();
            never.Wait(Grace);
            Environment.Exit((int)ExitCode.Failure);
        })
        {
            IsBackground = true,
            Name = "standard input guard",
        };
        thread.Start();
    }
}
