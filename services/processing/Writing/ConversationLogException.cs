namespace CoolChat.Processing.Writing;

/// <summary>
/// The log did not take a commit, or could not be read for a decision. Nothing may be answered from memory: the writer discards all of it and
/// reloads. Commands that did get in are found by their ids when they are decided again.
/// </summary>
internal abstract class ConversationLogException(string message, Exception? inner) : Exception(message, inner);

/// <summary>
/// Another writer wrote in the same partition since this one read it: this one's decisions, refusals included, rest on old state. Who sees it
/// again and again has lost the partition and steps down.
/// </summary>
internal sealed class LogConflictException(string message, Exception? inner = null) : ConversationLogException(message, inner);

/// <summary>The store does not answer, or it is unknown whether it took the commit.</summary>
internal sealed class LogUnavailableException(string message, Exception? inner = null) : ConversationLogException(message, inner);
