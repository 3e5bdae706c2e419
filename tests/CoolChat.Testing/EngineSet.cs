using System.Diagnostics;
using System.Globalization;

namespace CoolChat.Testing;

/// <summary>
/// Real engines of one's own, started privately by tests/engines/engines.sh: for tests that stop or kill them. All are gone after
/// <see cref="DisposeAsync"/>, or soon after this process ends, however it ends. Engines are named <c>mongodb</c>, <c>rabbitmq</c>,
/// <c>redis</c> and <c>s3</c>.
/// </summary>
public sealed class EngineSet : IAsyncDisposable
{
    private static readonly TimeSpan MostForInstalling = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-engines-").FullName;

    /// <summary>
    /// Starts an engine, or starts it again with the same ports and data after <see cref="StopAsync"/>; installs it first where that is
    /// possible. Answers its addresses, by the names of the environment variables that <see cref="Engines"/> reads.
    /// </summary>
    /// <exception cref="EngineNotAvailableException">It can't be had here; the message says why.</exception>
    public async Task<IReadOnlyDictionary<string, string>> StartAsync(string engine)
    {
        if (!OperatingSystem.IsLinux())
            throw new EngineNotAvailableException($"{engine}: engines are installed and started on Linux only; set COOLCHAT_TEST_* instead.");
        string output = await RunAsync(
            ["up", "--only", engine, "--owner", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), _folder]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    /// <summary>Ends an engine, in an orderly way or by SIGKILL.</summary>
    public async Task StopAsync(string engine, bool kill = false) =>
        await RunAsync(["stop", "--only", engine, .. kill ? (string[])["--kill"] : [], _folder]);

    /// <summary>Holds an engine's processes up (SIGSTOP) until <see cref="ResumeAsync"/>: connections stay open, nothing answers.</summary>
    public async Task PauseAsync(string engine) => await RunAsync(["pause", "--only", engine, _folder]);

    /// <summary>Lets it go on.</summary>
    public async Task ResumeAsync(string engine) => await RunAsync(["resume", "--only", engine, _folder]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RunAsync(["down", _folder]);

    private static async Task<string> RunAsync(string[] arguments)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "tests", "engines", "engines.sh"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource deadline = new(MostForInstalling);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new EngineNotAvailableException($"engines.sh {string.Join(' ', arguments)} did not end in {MostForInstalling.TotalMinutes} minutes.");
        }

        return process.ExitCode == 0
            ? await output
            : throw new EngineNotAvailableException($"engines.sh {string.Join(' ', arguments)} failed: {(await errors).Trim()}");
    }
}

/// <summary>An engine can't be installed or started here.</summary>
public sealed class EngineNotAvailableException(string message) : Exception(message);
