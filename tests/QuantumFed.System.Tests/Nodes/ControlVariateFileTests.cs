using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>What a SCAFFOLD member remembers between rounds, also after a crash between any two writes.</summary>
public sealed class ControlVariateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.At("control-variate");

    private ControlVariateFile File => new(Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_begins_at_zero_and_adds_up_the_rounds_that_counted_it()
    {
        Assert.Equal([0.0, 0], File.Read(2));
        File.Apply(new RoundId(1), [0.5, -1]);
        File.Apply(new RoundId(4), [0.25, 2]);
        Assert.Equal([0.75, 1], File.Read(2));
    }

    [Fact]
    public void A_round_that_is_included_changes_nothing_again()
    {
        File.Apply(new RoundId(0), [1, 1]);
        File.Apply(new RoundId(3), [1, 1]);
        for (ulong round = 0; round <= 3; round++)
            File.Apply(new RoundId(round), [7, 7]);
        Assert.Equal([2.0, 2], File.Read(2));
    }

    [Fact]
    public void Its_bytes_do_not_change()
    {
        File.Apply(new RoundId(2), [1.5, -2]);
        Assert.Equal("0300000000000000" + "000000000000f83f" + "00000000000000c0", Convert.ToHexStringLower(global::System.IO.File.ReadAllBytes(Path)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(32)] // of a model with another number of parameters
    public void A_file_of_another_size_stops_the_member_with_a_sentence(int length)
    {
        global::System.IO.File.WriteAllBytes(Path, new byte[length]);
        Assert.Contains(Path, Assert.Throws<InvalidDataException>(() => File.Read(2)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => File.Apply(new RoundId(9), [1, 1]));
        Assert.Equal(length, new FileInfo(Path).Length);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Numbers_that_are_none_stop_the_member_with_a_sentence(double value)
    {
        File.Apply(new RoundId(0), [1, value]);
        Assert.Contains("begins at zero again", Assert.Throws<InvalidDataException>(() => File.Read(2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        File.Apply(new RoundId(0), [1]);
        // Windows has no file modes.
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, global::System.IO.File.GetUnixFileMode(Path));
    }

    [Fact]
    public void A_rounds_change_is_kept_until_the_round_is_over()
    {
        var files = new MemberRoundFiles(_folder.Root, new RoundId(5));
        Assert.Null(files.ReadControlChange());
        files.WriteControlChange([0.5, double.Epsilon, -3]);
        Assert.Equal([0.5, double.Epsilon, -3], files.ReadControlChange()!);
        string path = global::System.IO.Path.Combine(files.Folder, "control-change");
        global::System.IO.File.WriteAllBytes(path, new byte[23]);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => files.ReadControlChange()).Message, StringComparison.Ordinal);
        files.Remove();
        Assert.Null(files.ReadControlChange());
    }
}
