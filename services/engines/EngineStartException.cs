using CoolChat.Contracts.Internal;

namespace CoolChat.Engines;

/// <summary>An engine can't start; the message is one line that says what to do.</summary>
public sealed class EngineStartException : StartException
{
    public EngineStartException(string message)
        : base(message)
    {
    }

    public EngineStartException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public EngineStartException()
    {
    }

    /// <summary>Words an engine's own error.</summary>
    internal static EngineStartException For(string path, Exception failure)
    {
        string text = failure.Message;
        string advice = text switch
        {
            _ when text.Contains("lock", StringComparison.OrdinalIgnoreCase) =>
                "another CoolChat uses this folder: stop it, or choose another folder with --data.",
            _ when text.Contains("orruption", StringComparison.Ordinal) || text.Contains("does not match", StringComparison.Ordinal) =>
                "the database is damaged: restore a backup, or move the folder away to start anew.",
            _ when text.Contains("not opened", StringComparison.Ordinal) || text.Contains("olumn famil", StringComparison.Ordinal) =>
                "it was written by a newer CoolChat: start that version, or choose another folder with --data.",
            _ when text.Contains("No space", StringComparison.Ordinal) =>
                "the disk is full: free some space and start again.",
            _ => "check that the folder is writable and on a local disk.",
        };
        return new EngineStartException($"Cannot open {path}: {advice} ({FirstLine(text)})", failure);
    }

    private static string FirstLine(string text) => text.Split('\n')[0];
}
