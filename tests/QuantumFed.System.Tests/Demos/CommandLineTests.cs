using System.Diagnostics;

namespace QuantumFed.System.Tests;

/// <summary>The command line itself: help, version, and mistakes, which get one sentence and exit code 2 or 5.</summary>
public sealed class CommandLineTests
{
    private const string Accepted = "3:0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("", "demo ledger coordinator member audit --version")]
    [InlineData("demo", "--dataset --data --members --rounds --algorithm --standardise --seed --out --keep --json")]
    [InlineData("ledger", "run account")]
    [InlineData("ledger account", "new show import")]
    [InlineData("ledger run", "--settings --json --supervised")]
    [InlineData("coordinator", "run")]
    [InlineData("coordinator run", "--settings --json --supervised")]
    [InlineData("member", "run")]
    [InlineData("member run", "--settings --json --supervised")]
    [InlineData("audit", "verify")]
    [InlineData("audit verify", "--workspace --rpc --accept-proposal --json")]
    public async Task Help_at_every_level_names_what_there_is(string command, string names)
    {
        Requires.Launcher();
        QfResult help = (await QfRun.ToEndAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Ended(0);
        Assert.Equal("", help.Error);
        Assert.All(names.Split(' '), name => Assert.Contains(" " + name, help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_version_is_there_within_a_second()
    {
        Requires.Launcher();
        await QfRun.ToEndAsync(["--version"]); // builds, where the sources changed
        // What it takes, it takes each time; what else the machine does, it does not.
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int attempt = 0; attempt < 20 && fastest > TimeSpan.FromSeconds(1); attempt++)
        {
            long started = Stopwatch.GetTimestamp();
            QfResult version = (await QfRun.ToEndAsync(["--version"])).Ended(0);
            Assert.Matches(@"^\d+\.\d+\.\d+\n$", version.Output);
            fastest = new[] { fastest, Stopwatch.GetElapsedTime(started) }.Min();
        }
        Assert.InRange(fastest.TotalSeconds, 0, 1);
    }

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense'.")]
    [InlineData("demo nonsense", "Unrecognized command or argument 'nonsense'.")]
    [InlineData("demo --nonsense", "Unrecognized command or argument '--nonsense'.")]
    [InlineData("ledger", "Required command was not provided.")]
    [InlineData("ledger account new --keystore a", "Option '--password-file' is required.")]
    [InlineData("audit verify", "Option '--workspace' is required.")]
    [InlineData(
        "audit verify --workspace w --accept-proposal " + Accepted + " --accept-proposal -1:0xab --accept-proposal " + Accepted,
        "--accept-proposal: '-1:0xab' is not NUMBER:0xHASH, a proposal's number and the 64 hexadecimal digits of the transaction that executed it; proposal 3 is named twice.")]
    [InlineData("member run", "Option '--settings' is required.")]
    [InlineData("demo --rounds 0", "--rounds takes a number from 1 to 1000, not '0'.")]
    [InlineData("demo --rounds -3", "--rounds takes a number from 1 to 1000, not '-3'.")]
    [InlineData("demo --rounds ten", "--rounds takes a number from 1 to 1000, not 'ten'.")]
    [InlineData("demo --rounds 99999999999", "--rounds takes a number from 1 to 1000, not '99999999999'.")]
    [InlineData("demo --rounds", "Required argument missing for option: '--rounds'.")]
    [InlineData("demo --members 2", "--members takes a number from 3 to 16, not '2'.")]
    [InlineData("demo --members 17", "--members takes a number from 3 to 16, not '17'.")]
    [InlineData("demo --seed x", "--seed takes a whole number of 64 bits, not 'x'.")]
    [InlineData("demo --algorithm magic", "Argument 'magic' not recognized.")]
    [InlineData("demo --dataset mnist", "Argument 'mnist' not recognized.")]
    [InlineData("demo --standardise sometimes", "Argument 'sometimes' not recognized.")]
    [InlineData("demo --dataset heart --members 4 --data /tmp", "--members does not go with --dataset heart: its hospitals are four.")]
    [InlineData("demo --data /tmp", "--data does not go with --dataset synthetic: its data is generated.")]
    [InlineData("demo --dataset synthetic --data /tmp", "--data does not go with --dataset synthetic: its data is generated.")]
    [InlineData("demo --dataset heart", "qf: --dataset heart needs --data DIR")]
    [InlineData("demo --dataset csv --label y", "--dataset csv needs --csv FILE: the table.")]
    [InlineData("demo --csv t.csv", "--dataset csv needs --label COLUMN: the column to predict.")]
    [InlineData("demo --csv t.csv --label y --data /tmp", "--data does not go with --dataset csv: name the table with --csv.")]
    [InlineData("demo --csv t.csv --label y --site a --members 4", "--members does not go with --site: the column says which hospitals there are.")]
    [InlineData("demo --label y", "--label does not go with --dataset synthetic, only with csv.")]
    [InlineData("demo --algorithm newton --model mlp", "--algorithm newton trains a logistic model, not mlp; fedavg trains all.")]
    [InlineData("demo --algorithm fedavg --algorithm newton", "Option '--algorithm' expects a single argument but 2 were provided.")]
    [InlineData("demo --csv a.csv --csv b.csv --label y", "Option '--csv' expects a single argument but 2 were provided.")]
    [InlineData("demo --trainer true --trainer false", "Option '--trainer' expects a single argument but 2 were provided.")]
    [InlineData("demo --json --hidden 3", "--hidden goes with --model mlp only.")]
    [InlineData("demo --model mlp --hidden 4096,4096", "classes the model has")]
    [InlineData("demo --hidden 3", "--hidden goes with --model mlp only.")]
    [InlineData("demo --model mlp --hidden 3,4,5", "--hidden takes one or two numbers from 1 to 4096, such as 64,32, not '3,4,5'.")]
    [InlineData("demo --epochs 2", "--epochs does not go with --algorithm newton, which takes no gradient steps; add --algorithm fedavg.")]
    [InlineData("demo --algorithm fedavg --proximal 1", "--proximal goes with --algorithm fedprox only.")]
    [InlineData("demo --algorithm fedavg --learning-rate 0", "--learning-rate takes a number above 0 and at most 1e6, not '0'.")]
    [InlineData("demo --algorithm fedavg --clip 1e-300", "--clip takes a number of at least 1E-09 and at most 1e6, not '1e-300'.")]
    [InlineData("demo --algorithm scaffold --optimizer adam", "--optimizer adam does not go with scaffold")]
    [InlineData("demo --trainer true", "--trainer does not go with newton or scaffold")]
    [InlineData("demo --csv no.csv --json --nonsense 3", "Unrecognized command or argument '--nonsense'. Unrecognized command or argument '3'.")]
    [InlineData("demo --label @id", "--label does not go with --dataset synthetic, only with csv.")]
    [InlineData("predict", "Option '--model' is required. Option '--csv' is required.")]
    [InlineData("compare --standardise centre --rounds 1", "take at least --rounds 2")]
    [InlineData("audit verify --workspace /tmp --rpc ftp://ledger", "--rpc takes an http or https address, not 'ftp://ledger'.")]
    [InlineData("audit verify --workspace /tmp --rpc nonsense", "--rpc takes an http or https address, not 'nonsense'.")]
    public async Task A_mistake_on_the_command_line_is_named_and_ends_with_code_2(string arguments, string sentence)
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Ended(2);
        Assert.StartsWith("qf: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, run.ErrorLines[0], StringComparison.Ordinal);
        // Whoever reads standard output, as JSON perhaps, finds nothing there that is none.
        Assert.Equal("", run.Output);
        // Help follows where there was no command to give it for.
        if (run.ErrorLines.Length > 1)
            Assert.Equal("Description:", run.ErrorLines[1]);
    }

    [Fact]
    public async Task A_folder_without_the_data_is_named_and_ends_with_code_5()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult run = (await QfRun.ToEndAsync(["demo", "--dataset", "heart", "--data", folder.At("nowhere"), "--out", folder.At("w")])).Ended(5);
        Assert.StartsWith($"qf: The data set 'heart' is not available: cannot read {folder.At("nowhere")}/", run.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder.At("w")));
    }

    [Theory]
    [InlineData("ledger")]
    [InlineData("coordinator")]
    [InlineData("member")]
    public async Task A_party_without_settings_says_so_and_ends_with_code_5(string role)
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult run = (await QfRun.ToEndAsync([role, "run", "--settings", folder.At("settings.json")])).Ended(5);
        Assert.StartsWith($"qf: {folder.At("settings.json")}: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
