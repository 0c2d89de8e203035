using System.Text;

namespace QuantumFed.Ledger.Tests;

public sealed class AccountPasswordTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("correct horse", "correct horse")]
    [InlineData("correct horse\n", "correct horse")]
    [InlineData("correct horse\r\n", "correct horse")]
    [InlineData(" spaces are part of it ", " spaces are part of it ")]
    [InlineData("pässwörd", "pässwörd")]
    public void A_password_is_a_line_without_its_end(string content, string expected)
    {
        Write(content);
        using AccountPassword password = AccountPassword.ReadFile(_path);
        Assert.Equal(expected, Encoding.UTF8.GetString(password.Bytes));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n", "is empty")]
    [InlineData("\r\n", "is empty")]
    [InlineData("two\nlines", "is not one line of text")]
    [InlineData("two\n\n", "is not one line of text")]
    [InlineData("zero\0", "is not one line of text")]
    public void What_other_programs_would_read_otherwise_is_refused(string content, string fault)
    {
        Write(content);
        Assert.Equal($"The password in {_path} {fault}.", Assert.Throws<InvalidDataException>(() => AccountPassword.ReadFile(_path)).Message);
        if (!content.EndsWith('\n'))
            Assert.Throws<ArgumentException>(() => AccountPassword.Import(Encoding.UTF8.GetBytes(content)));
    }

    [Fact]
    public void The_longest_password_has_1024_bytes()
    {
        Write(new string('x', 1024) + "\r\n");
        AccountPassword.ReadFile(_path).Dispose();
        Write(new string('x', 1025));
        Assert.Equal($"The password in {_path} has more than 1024 bytes.", Assert.Throws<InvalidDataException>(() => AccountPassword.ReadFile(_path)).Message);
        Assert.Throws<ArgumentException>(() => AccountPassword.Import(new byte[1025]));
    }

    [Fact]
    public void Generated_passwords_have_64_digits_and_differ()
    {
        using AccountPassword one = AccountPassword.Generate(), two = AccountPassword.Generate();
        Assert.All(one.Bytes.ToArray(), digit => Assert.True(char.IsAsciiHexDigitLower((char)digit)));
        Assert.Equal(64, one.Bytes.Length);
        Assert.False(one.Bytes.SequenceEqual(two.Bytes));
    }

    [Fact]
    public void A_written_password_is_read_again()
    {
        File.Delete(_path);
        using AccountPassword written = AccountPassword.Generate();
        written.WriteFile(_path);
        using AccountPassword read = AccountPassword.ReadFile(_path);
        Assert.True(written.Bytes.SequenceEqual(read.Bytes));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [Fact]
    public void A_credential_may_be_its_groups_but_not_everybodys()
    {
        Write("credential");
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        AccountPassword.ReadCredential(_path).Dispose();
        Assert.Throws<InvalidDataException>(() => AccountPassword.ReadFile(_path));
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Throws<InvalidDataException>(() => AccountPassword.ReadCredential(_path));
    }

    private void Write(string content)
    {
        File.WriteAllText(_path, content);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
