using System.Security.Cryptography;

namespace QuantumFed.System.Tests;

/// <summary>What a test cannot do without.</summary>
internal static class Requires
{
    private static readonly string? Prefix =
        ((string?[])[Environment.GetEnvironmentVariable("QF_OPENSSL"), Path.Combine(Checkout.Root, ".tools", "openssl")])
        .FirstOrDefault(prefix => !string.IsNullOrEmpty(prefix) && File.Exists(Path.Combine(prefix, "bin", "openssl")));

    /// <summary>That the launcher finds OpenSSL, and so need not build it within a test.</summary>
    public static void Launcher() =>
        Assert.SkipUnless(Prefix is not null || MLDsa.IsSupported, "needs OpenSSL 3.5 or newer: run the tests by ./qf test, or name it in QF_OPENSSL");

    /// <summary>That this process can check signatures itself.</summary>
    public static void PostQuantum() =>
        Assert.SkipUnless(MLDsa.IsSupported, "needs OpenSSL 3.5 or newer in this process: run the tests by ./qf test, or set LD_LIBRARY_PATH");

    /// <summary>The program that gives a command a terminal.</summary>
    public static void Terminal() =>
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs /usr/bin/script of util-linux (Debian 12: bsdutils) for a terminal to draw on");

    /// <summary>The prefix that holds the openssl program.</summary>
    public static string OpenSslPrefix()
    {
        Assert.SkipWhen(Prefix is null, "needs the openssl program, 3.5 or newer, in $QF_OPENSSL/bin");
        return Prefix;
    }

    /// <summary>The folder of the heart disease data.</summary>
    public static string HeartData() => SharedData("heart", "UCI heart disease");

    /// <summary>The folder of the readmissions of diabetic patients.</summary>
    public static string DiabetesData() => SharedData("diabetes130", "UCI diabetes 130-US hospitals");

    private static string SharedData(string name, string title)
    {
        string shared = Environment.GetEnvironmentVariable("QF_SHARED") is { Length: > 0 } named ? named : Path.Combine(Checkout.Root, "..", "shared");
        string folder = Path.GetFullPath(Path.Combine(shared, "data", name));
        Assert.SkipUnless(
            Directory.Exists(folder), $"needs shared/data/{name} ({title}) beside the repository; QF_SHARED names the folder 'shared' elsewhere");
        return folder;
    }
}
