using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>The journal that keeps a committee member from ever opening twice.</summary>
public sealed class FileOpeningJournalTests : IDisposable
{
    private static readonly Opening[] Openings =
    [
        OpeningOf(0, "north", "riverside", "st-anne"), OpeningOf(1, "lakeside", "north", "riverside", "st-anne"), OpeningOf(7, "north"),
    ];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.At("state", "openings.journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_journal_that_is_gone_is_not_begun_again()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("openings.journal");
        Assert.Contains("is gone", Assert.Throws<InvalidDataException>(() => FileOpeningJournal.Open(path, mayBegin: false)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        FileOpeningJournal.Open(path, mayBegin: true).Dispose();
        FileOpeningJournal.Open(path, mayBegin: false).Dispose();
    }

    [Fact]
    public void What_was_appended_is_there_after_a_restart()
    {
        Fill();
        using FileOpeningJournal journal = FileOpeningJournal.Open(Path, mayBegin: true);
        AssertHolds(Openings, journal);
    }

    [Fact]
    public void A_last_record_cut_short_anywhere_is_dropped_and_what_is_before_it_stays()
    {
        Fill();
        byte[] whole = File.ReadAllBytes(Path);
        long second = LengthOf(Openings[..2]);
        for (int length = (int)second; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            using (FileOpeningJournal journal = FileOpeningJournal.Open(Path, mayBegin: true))
            {
                AssertHolds(Openings[..2], journal);
                journal.Append(Openings[2]);
            }
            Assert.Equal(whole, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void Any_flipped_byte_before_the_last_record_is_refused_and_left_for_an_expert()
    {
        Fill();
        byte[] whole = File.ReadAllBytes(Path);
        long last = LengthOf(Openings[..2]);
        for (int position = 0; position < last; position++)
        {
            byte[] altered = [.. whole];
            altered[position] ^= 0x10;
            File.WriteAllBytes(Path, altered);
            // A journal that opens without a record would let the member open that round again.
            InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => FileOpeningJournal.Open(Path, mayBegin: true).Dispose());
            Assert.Contains("must not open anything more", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(altered, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void A_tail_of_zeros_that_a_power_cut_left_is_dropped()
    {
        Fill();
        byte[] whole = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, [.. whole, .. new byte[300]]);
        using (FileOpeningJournal journal = FileOpeningJournal.Open(Path, mayBegin: true))
            AssertHolds(Openings, journal);
        Assert.Equal(whole, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_second_process_is_refused_while_the_first_holds_it()
    {
        using FileOpeningJournal journal = FileOpeningJournal.Open(Path, mayBegin: true);
        Assert.Throws<IOException>(() => FileOpeningJournal.Open(Path, mayBegin: true).Dispose());
        journal.Append(Openings[0]);
        AssertHolds(Openings[..1], journal);
    }

    private static Opening OpeningOf(ulong round, params string[] members) => new(
        new RoundId(round), Digest.Of([1, (byte)round]), Digest.Of([2, (byte)round]), [.. members.Select(MemberId.Parse)]);

    private static void AssertHolds(Opening[] expected, FileOpeningJournal journal)
    {
        Assert.Equal(expected.Select(opening => (opening.Round, opening.Closing, opening.PreviousModel)),
            journal.Openings.Select(opening => (opening.Round, opening.Closing, opening.PreviousModel)));
        Assert.Equal(expected.SelectMany(opening => opening.Participants), journal.Openings.SelectMany(opening => opening.Participants));
    }

    private void Fill()
    {
        using FileOpeningJournal journal = FileOpeningJournal.Open(Path, mayBegin: true);
        foreach (Opening opening in Openings)
            journal.Append(opening);
    }

    private long LengthOf(Opening[] openings)
    {
        string path = _folder.At($"{openings.Length}.journal");
        using (FileOpeningJournal journal = FileOpeningJournal.Open(path, mayBegin: true))
        {
            foreach (Opening opening in openings)
                journal.Append(opening);
        }
        return new FileInfo(path).Length;
    }
}
