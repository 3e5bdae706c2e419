using System.Diagnostics;

namespace CoolChat.Testing;

/// <summary>One run of the program that is expected to end by itself: a sub-command, or a start that fails.</summary>
/// <param name="ExitCode">0 when it did what it was asked.</param>
/// <param name="Output">stdout.</param>
/// <param name="Errors">stderr.</param>
public sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Runs it with these arguments.</summary>
    public static async Task<ProgramRun> OfAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", Repository.StandaloneAssembly, .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        using CancellationTokenSource deadline = new(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new ProgramRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>Runs a sub-command that must succeed and returns what it wrote.</summary>
    public static async Task<string> SucceedAsync(params string[] arguments)
    {
        ProgramRun run = await OfAsync(arguments);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Output}{run.Errors}");
    }
}
