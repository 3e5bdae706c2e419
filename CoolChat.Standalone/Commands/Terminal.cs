using CoolChat.Standalone.Control;
using CoolChat.Standalone.Hosting;

namespace CoolChat.Standalone.Commands;

/// <summary>What a sub-command shows: one line on stdout, or one on stderr and exit code 1.</summary>
internal static class Terminal
{
    public static async Task<int> RunAsync(Func<Task<string>> work)
    {
        try
        {
            await Console.Out.WriteLineAsync(await work());
            return 0;
        }
        catch (ControlException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        catch (Exception failure) when (StartFailures.Describe(failure) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }
}
