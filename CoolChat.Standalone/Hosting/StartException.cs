namespace CoolChat.Standalone.Hosting;

/// <summary>The server can't start for a reason that its owner can mend; the message is one line that says how.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
