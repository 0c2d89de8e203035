using System.ComponentModel;
using System.Net.Sockets;
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
}
