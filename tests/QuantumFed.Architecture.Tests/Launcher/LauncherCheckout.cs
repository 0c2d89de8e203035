using System.Diagnostics;

namespace QuantumFed.Architecture.Tests;

/// <summary>
/// A folder with the real launcher, next to no sources, and stand-ins for the tools it calls, so that its decisions are
/// tested in milliseconds and without a network. Its path has a space in it.
/// </summary>
internal sealed class LauncherCheckout : IDisposable
{
    // What every Linux system has; the launcher needs nothing else before it looks for tools.
    private static readonly string[] SystemTools =
    [
        "awk", "bash", "cat", "cp", "cut", "dirname", "env", "find", "flock", "grep", "id", "ln", "mkdir", "mkfifo", "mktemp", "mv", "nproc",
        "readlink", "rm", "sed", "setpriv", "setsid", "sh", "sha256sum", "sort", "tail", "tee", "timeout", "tr", "uname",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public LauncherCheckout()
    {
        Root = Path.Combine(Directory.CreateTempSubdirectory("qf-launcher-").FullName, "check out");
        Tools = Path.Combine(Root, "..", "tools");
        Directory.CreateDirectory(Tools);
        Directory.CreateDirectory(Path.Combine(Root, "src", "QuantumFed.Cli"));
        foreach (string file in (string[])["qf", .. Repository.Files("build", ".sh")])
        {
            string copy = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }

        WriteFile("src/QuantumFed.Cli/Program.cs", "// changed to make the launcher build\n");
        WriteFile("network/openssl/server.cnf", "");
        WriteFile("network/openssl/member.cnf", "");
        foreach (string tool in SystemTools)
        {
            string path = ((string[])["/usr/bin", "/bin"]).Select(folder => Path.Combine(folder, tool)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(Tools, tool), path);
        }
    }

    public string Root { get; }

    /// <summary>The only folder on the launcher's PATH.</summary>
    public string Tools { get; }

    public string WriteFile(string relativePath, string text)
    {
        string path = Path.Combine(Root, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Puts a stand-in for a tool on the PATH.</summary>
    public void Tool(string name, string script)
    {
        string path = Path.Combine(Tools, name);
        File.Delete(path);
        File.WriteAllText(path, "#!/bin/bash\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// A stand-in for dotnet: `build` notes itself in builds.log and makes the program; the program prints the
    /// environment the launcher is to set and its arguments.
    /// </summary>
    public void DotnetTool(string whileBuilding = "true") => Tool("dotnet", $$"""
        root='{{Root}}'
        case $1 in
          --list-sdks) echo '10.0.401 [/usr/share/dotnet/sdk]' ;;
          build)
            echo "$2" >>"$root/builds.log"
            {{whileBuilding}}
            mkdir -p "$root/src/QuantumFed.Cli/bin/Release/net10.0"
            : >"$root/src/QuantumFed.Cli/bin/Release/net10.0/qf.dll" ;;
          *)
            shift
            echo "home=$QF_HOME launcher=$QF_LAUNCHER ready=$QF_READY"
            echo "openssl=$QF_OPENSSL conf=$OPENSSL_CONF library=$LD_LIBRARY_PATH"
            printf '<%s>' "$@" ;;
        esac
        """);

    /// <summary>A prefix that looks like an installed OpenSSL of a version.</summary>
    public string OpenSsl(string version)
    {
        string prefix = Path.Combine(Root, "..", "openssl-" + version);
        Directory.CreateDirectory(Path.Combine(prefix, "lib"));
        Directory.CreateDirectory(Path.Combine(prefix, "bin"));
        File.WriteAllText(Path.Combine(prefix, "lib", "libssl.so.3"), "");
        File.WriteAllText(Path.Combine(prefix, "lib", "libcrypto.so.3"), $"\0\u0001OpenSSL {version} 9 Jun 2026\0");
        string tool = Path.Combine(prefix, "bin", "openssl");
        File.WriteAllText(tool, "#!/bin/sh\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Path.GetFullPath(prefix);
    }

    public Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? launcher = null)
    {
        ProcessStartInfo start = new("/bin/bash", [launcher ?? Path.Combine(Root, "qf"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Tools;
        start.Environment["HOME"] = Path.GetTempPath();
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public async Task<LauncherResult> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? launcher = null)
    {
        using Process process = Start(arguments, environment, launcher);
        return await EndAsync(process);
    }

    public static async Task<LauncherResult> EndAsync(Process process)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new LauncherResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>A named pipe, by which a stand-in and a test wait for each other.</summary>
    public async Task<string> PipeAsync(string name)
    {
        string path = Path.Combine(Root, name);
        using Process mkfifo = Process.Start("mkfifo", [path]);
        await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        return path;
    }

    /// <summary>Opens a pipe for reading, or gives up on a writer that never comes.</summary>
    public static Task<StreamReader> ReadPipeAsync(string path) =>
        Task.Run(() => new StreamReader(path)).WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Lets whoever reads the pipe go on.</summary>
    public static Task ReleaseAsync(string path) =>
        Task.Run(() => File.WriteAllText(path, "\n")).WaitAsync(Patience, TestContext.Current.CancellationToken);

    public string[] Builds()
    {
        string log = Path.Combine(Root, "builds.log");
        return File.Exists(log) ? File.ReadAllLines(log) : [];
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Root)!, recursive: true);
}
