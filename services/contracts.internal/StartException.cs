namespace CoolChat.Contracts.Internal;

/// <summary>A process can't start for a reason that its operator can mend; the message is one line that says how.</summary>
public class StartException : Exception
{
    public StartException(string message)
        : base(message)
    {
    }

    public StartException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public StartException()
    {
    }
}
