using System.ComponentModel;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using QuantumFed.Cli;

namespace QuantumFed.System.Tests;

/// <summary>What the environment, an operator or another party can do to a command ends in one line, never in a stack trace.</summary>
public sealed class CommandFailureTests
{
    [Fact]
    public async Task An_address_that_cannot_be_served_on_is_a_failure_and_not_a_crash() =>
        Assert.Equal((int)ExitCode.Failure, await EndAsync(new SocketException((int)SocketError.AddressNotAvailable)));

    [Fact]
    public async Task A_program_that_does_not_start_is_a_failure_and_not_a_crash() =>
        Assert.Equal((int)ExitCode.Failure, await EndAsync(new Win32Exception(2)));

    [Fact]
    public async Task An_output_that_takes_no_more_is_a_failure_and_not_a_crash()
    {
        await using var full = new FullDisk();
        var view = new JsonView(full, TextWriter.Null, TimeProvider.System);
        int code = await CommandRunner.RunAsync(
            view,
            (shown, _) =>
            {
                shown.Tell("training");
                return Task.FromResult(ExitCode.Success);
            },
            TestContext.Current.CancellationToken);
        Assert.Equal((int)ExitCode.Failure, code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void What_is_no_path_is_a_mistake_in_the_command_line(string path) =>
        Assert.Contains("--out", Assert.Throws<UsageException>(() => CommandRunner.PathOf("--out", path)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_another_party_says_draws_no_line_of_its_own()
    {
        var entry = new NodeEvent(
            DateTimeOffset.UnixEpoch, LogLevel.Warning, "Disconnected", "because\n00:00:00.000 Round 9: opened\u001b[2J.", new Dictionary<string, string>());
        Assert.Equal("00:00:00.000 warning: because 00:00:00.000 Round 9: opened [2J.", entry.ToText());
    }

    private static Task<int> EndAsync(Exception failure) =>
        CommandRunner.RunAsync(_ => Task.FromException<ExitCode>(failure), TestContext.Current.CancellationToken);

    private sealed class FullDisk : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }
}
