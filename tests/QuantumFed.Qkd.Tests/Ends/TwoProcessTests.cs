using System.Diagnostics;
using System.Net.Sockets;

namespace QuantumFed.Qkd.Tests;

/// <summary>The ends in two processes, with nothing between them but a socket; its first message of a block stands for the fibre.</summary>
public sealed class TwoProcessTests
{
    private const string SocketPath = "QF_QKD_SOCKET", JournalPath = "QF_QKD_JOURNAL";

    [Fact]
    public async Task Two_processes_deliver_the_same_keys_also_when_one_is_killed_before_it_hears_that_a_block_is_settled()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("qf-qkd-");
        try
        {
            var pair = new EndsPair();
            string journal = Path.Combine(folder.FullName, "receiver"), socket = Path.Combine(folder.FullName, "socket");
            FileJournal receivers = FileJournal.Create(journal, pair.ReceiverJournal.State);
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(socket));
            listener.Listen();

            await ConverseAsync(pair, listener, socket, journal, [1, 2], killAtReady: false);
            Assert.Equal(2, receivers.Delivered.Count);
            await ConverseAsync(pair, listener, socket, journal, [3], killAtReady: true);
            Assert.True(LinkEndState.TryRead(receivers.State, out LinkEndState? pending));
            Assert.Equal(2UL, pending.PendingBlockNumber);
            Assert.Equal(3, pair.TransmitterJournal.Delivered.Count);
            await ConverseAsync(pair, listener, socket, journal, [4], killAtReady: false);

            Assert.Equal(4, receivers.Delivered.Count);
            Assert.Equal(pair.TransmitterJournal.Delivered.OrderBy(key => key.Key), receivers.Delivered.OrderBy(key => key.Key));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The receiver's process.</summary>
    [Fact]
    public async Task A_receiver_lives_in_a_process_of_its_own()
    {
        string? path = Environment.GetEnvironmentVariable(SocketPath);
        Assert.SkipUnless(path is not null, $"Only in the child of {nameof(Two_processes_deliver_the_same_keys_also_when_one_is_killed_before_it_hears_that_a_block_is_settled)}.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var journal = new FileJournal(Environment.GetEnvironmentVariable(JournalPath)!);
        Assert.True(LinkEndState.TryRead(journal.State, out LinkEndState? state));
        using ReceiverEnd end = ReceiverEnd.Open(state, EndsPair.Agreement, journal);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        using var channel = new SocketChannel(socket);
        while (true)
        {
            byte[] fibre = await channel.ReceiveAsync(cancellation);
            if (fibre.Length == 0)
                return;
            Assert.True(ReceiverNotes.TryRead(fibre, out ReceiverNotes? notes));
            using DistilledBlock block = await end.DistilAsync(notes, channel, cancellation);
            Assert.Equal(BlockOutcome.Delivered, block.Outcome);
        }
    }

    private static async Task ConverseAsync(EndsPair pair, Socket listener, string socket, string journal, ulong[] seeds, bool killAtReady)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Process child = StartReceiver(socket, journal);
        Task<string> output = child.StandardOutput.ReadToEndAsync(cancellation), errors = child.StandardError.ReadToEndAsync(cancellation);
        try
        {
            // A child that dies before it connects must not be waited for.
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task exit = child.WaitForExitAsync(cancellation);
            Task<Socket> accepting = listener.AcceptAsync(gone.Token).AsTask();
            if (await Task.WhenAny(accepting, exit) == exit)
                Assert.Fail($"{await output}{await errors}");
            using var channel = new SocketChannel(await accepting)
            {
                Received = message =>
                {
                    if (!killAtReady || message[0] != (byte)LinkMessageKind.Ready)
                        return;
                    child.Kill();
                    child.WaitForExit();
                },
            };
            using TransmitterEnd end = TransmitterEnd.Open(EndsPair.Read(pair.TransmitterJournal), pair.LinkAgreement, pair.TransmitterJournal);
            foreach (ulong seed in seeds)
            {
                using LinkNotes notes = EndsPair.Notes(seed);
                await channel.SendAsync(notes.Receiver.ToBytes(), cancellation);
                notes.Receiver.Dispose();
                using DistilledBlock block = await end.DistilAsync(notes.Transmitter, channel, cancellation);
                Assert.Equal(BlockOutcome.Delivered, block.Outcome);
            }
            if (!killAtReady)
                await channel.SendAsync(ReadOnlyMemory<byte>.Empty, cancellation);
            await exit;
            Assert.True(killAtReady || child.ExitCode == 0, $"{await output}{await errors}");
        }
        finally
        {
            child.Kill();
        }
    }

    private static Process StartReceiver(string socket, string journal)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-method", "*" + nameof(A_receiver_lives_in_a_process_of_its_own), "--no-progress", "--no-ansi"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Insert(0, typeof(TwoProcessTests).Assembly.Location);
        // The platform that runs this process must not take the child for its own.
        foreach (string inherited in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(inherited);
        start.Environment[SocketPath] = socket;
        start.Environment[JournalPath] = journal;
        return Process.Start(start)!;
    }
}
