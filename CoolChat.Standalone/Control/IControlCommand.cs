namespace CoolChat.Standalone.Control;

/// <summary>Something a sub-command asks of the running server.</summary>
internal interface IControlCommand
{
    /// <summary>One word.</summary>
    string Name { get; }

    /// <summary>Does it and says in one line what was done.</summary>
    /// <exception cref="ControlException">It can't be done: the message says what to do.</exception>
    Task<string> RunAsync(string argument, CancellationToken cancellationToken);
}

/// <summary>A command to the running server failed; one line for the person at the terminal.</summary>
internal sealed class ControlException : Exception
{
    public ControlException(string message)
        : base(message)
    {
    }

    public ControlException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ControlException()
    {
    }
}
