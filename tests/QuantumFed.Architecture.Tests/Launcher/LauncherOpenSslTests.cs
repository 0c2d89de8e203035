using System.Diagnostics;
using System.Globalization;

namespace QuantumFed.Architecture.Tests;

/// <summary>How the launcher builds OpenSSL where the system's is too old, with stand-ins for apt-get, Configure and make.</summary>
public sealed class LauncherOpenSslTests : IDisposable
{
    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    private const string Make = """
        if [[ $1 != install_sw ]]; then echo "made" >>"$HOME_LOG"; exit 0; fi
        to=${2#DESTDIR=}$(<prefix)
        mkdir -p "$to/lib" "$to/bin"
        : >"$to/lib/libssl.so.3"
        printf 'OpenSSL 3.5.7 9 Jun 2026' >"$to/lib/libcrypto.so.3"
        printf '#!/bin/sh\n' >"$to/bin/openssl"
        /bin/chmod +x "$to/bin/openssl"
        """;

    // What the source package of OpenSSL unpacks to.
    private const string Unpack = """

        mkdir openssl-3.5.7
        printf '#!/bin/bash\nfor o in "$@"; do case $o in --prefix=*) echo "${o#--prefix=}" >prefix ;; esac; done\n' >openssl-3.5.7/Configure
        /bin/chmod +x openssl-3.5.7/Configure
        """;

    private readonly LauncherCheckout _checkout = new();
    private readonly string _built;

    public LauncherOpenSslTests()
    {
        Assert.SkipUnless(File.Exists(Keyring), $"{Keyring} is absent: the launcher builds OpenSSL only where it can check Debian's signature");
        _built = Path.Combine(_checkout.Root, ".tools", "openssl");
        _checkout.DotnetTool();
        _checkout.Tool("ldconfig", "exit 0"); // a system without any OpenSSL
        _checkout.Tool("gcc", "exit 0");
        _checkout.Tool("perl", "exit 0");
        _checkout.Tool("dpkg-source", "exit 0");
        _checkout.Tool("apt-cache", "printf 'Package: openssl\\nVersion: 3.5.7-1~deb13u2\\n'");
        _checkout.Tool("apt-get", "if [[ ${@: -1} != openssl=3.5.7-1~deb13u2 ]]; then exit 0; fi" + Unpack);
        _checkout.Tool("make", Make);
    }

    private Dictionary<string, string> Environment => new() { ["HOME_LOG"] = Path.Combine(_checkout.Root, "made.log") };

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task OpenSSL_is_built_once_and_used()
    {
        LauncherResult first = await _checkout.RunAsync([], Environment);
        LauncherResult second = await _checkout.RunAsync([], Environment);

        Assert.Equal(0, first.ExitCode);
        Assert.Contains($"openssl={_built} conf=", first.Output, StringComparison.Ordinal);
        Assert.Contains($"library={_built}/lib\n", first.Output, StringComparison.Ordinal);
        Assert.Contains("OpenSSL 3.5.7 built in", first.Error, StringComparison.Ordinal);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal("", second.Error);
        Assert.Single(File.ReadAllLines(Path.Combine(_checkout.Root, "made.log")));
        Assert.Equal(["build.log", "lock", "openssl", "openssl-build.log"], Entries(".tools"));
    }

    [Fact]
    public async Task Sources_out_of_reach_end_with_the_way_out()
    {
        _checkout.Tool("apt-get", "echo 'E: Failed to fetch the lists'; exit 100");
        LauncherResult result = await _checkout.RunAsync([], Environment);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("E: Failed to fetch the lists", result.Error, StringComparison.Ordinal);
        Assert.Contains("set QF_OPENSSL", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(["lock", "openssl-build.log"], Entries(".tools"));
        Assert.Empty(_checkout.Builds());
    }

    [Fact]
    public async Task A_mirror_whose_lists_are_ahead_of_its_files_gives_the_newest_version_that_it_has()
    {
        _checkout.Tool("apt-cache", "printf 'Version: %s\\n' 3.4.9-1 3.5.7-1~deb13u2 3.5.9-1~deb13u1");
        _checkout.Tool("apt-get", """
            case ${@: -1} in
              openssl=3.5.9-1~deb13u1) echo 'E: Failed to fetch openssl_3.5.9-1 404 Not Found'; exit 100 ;;
              openssl=3.5.7-1~deb13u2) ;;
              *) exit 0 ;;
            esac
            """ + Unpack);
        LauncherResult result = await _checkout.RunAsync([], Environment);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("3.5.9-1~deb13u1: the mirror does not have it now", result.Error, StringComparison.Ordinal);
        Assert.Contains("OpenSSL 3.5.7 built in", result.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_built));
    }

    [Fact]
    public async Task A_mirror_that_has_no_listed_version_ends_with_the_way_out()
    {
        _checkout.Tool("apt-get", "[[ ${@: -1} == openssl=* ]] || exit 0; echo 'E: Failed to fetch openssl_3.5.7-1 404 Not Found'; exit 100");
        LauncherResult result = await _checkout.RunAsync([], Environment);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("404 Not Found", result.Error, StringComparison.Ordinal);
        Assert.Contains("set QF_OPENSSL", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(["lock", "openssl-build.log"], Entries(".tools"));
    }

    [Fact]
    public async Task An_interrupted_build_leaves_nothing_half_made()
    {
        string gate = await _checkout.PipeAsync("gate"), never = await _checkout.PipeAsync("never");
        _checkout.Tool("make", $"echo $$ >'{gate}'; read -r _ <'{never}'");
        using Process launcher = _checkout.Start([], Environment);
        using StreamReader started = await LauncherCheckout.ReadPipeAsync(gate);
        int make = int.Parse((await started.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
        using (Process kill = Process.Start("kill", ["-TERM", launcher.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        LauncherResult result = await LauncherCheckout.EndAsync(launcher);
        Assert.Equal(143, result.ExitCode);
        Assert.Equal(["lock", "openssl-build.log"], Entries(".tools"));
        Assert.False(IsRunning(make), "make outlived the launcher");
    }

    [Fact]
    public async Task A_killed_launcher_takes_its_build_with_it()
    {
        string gate = await _checkout.PipeAsync("gate"), never = await _checkout.PipeAsync("never");
        // Reading the gate ends when the last process that holds it open does.
        _checkout.Tool("make", $"exec 5>'{gate}'; echo made >&5; read -r _ <'{never}'");
        using Process launcher = _checkout.Start([], Environment);
        using StreamReader makes = await LauncherCheckout.ReadPipeAsync(gate);
        Assert.Equal("made", await makes.ReadLineAsync(TestContext.Current.CancellationToken));
        launcher.Kill();
        Assert.Equal("", await makes.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_built));

        _checkout.Tool("make", Make);
        Assert.Equal(0, (await _checkout.RunAsync([], Environment)).ExitCode);
        Assert.True(Directory.Exists(_built));
    }

    [Fact]
    public async Task A_library_that_came_out_too_old_is_not_installed()
    {
        _checkout.Tool("make", """
            if [[ $1 != install_sw ]]; then exit 0; fi
            to=${2#DESTDIR=}$(<prefix)
            mkdir -p "$to/lib"
            printf 'OpenSSL 3.0.19 9 Jun 2026' >"$to/lib/libcrypto.so.3"
            """);
        LauncherResult result = await _checkout.RunAsync([], Environment);

        Assert.Equal(1, result.ExitCode);
        Assert.False(Directory.Exists(_built));
    }

    [Theory]
    [InlineData("3.5.7", false)]
    [InlineData("3.0.19", true)]
    public async Task A_new_system_library_makes_the_build_needless(string version, bool builds)
    {
        string prefix = _checkout.OpenSsl(version);
        _checkout.Tool("ldconfig", $"echo '	libcrypto.so.3 (libc6,x86-64) => {prefix}/lib/libcrypto.so.3'");
        LauncherResult result = await _checkout.RunAsync([], Environment);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(builds, Directory.Exists(_built));
    }

    // A process that ended may stay in the table until its parent asks.
    private static bool IsRunning(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string[] Entries(string folder) =>
        [.. new DirectoryInfo(Path.Combine(_checkout.Root, folder)).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal)];
}
