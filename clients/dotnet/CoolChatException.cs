using System.Net;

namespace CoolChat.Client;

/// <summary>The server refused something.</summary>
public sealed class CoolChatException : Exception
{
    /// <summary>Makes one from a refusal's fields.</summary>
    public CoolChatException(string code, string detail, string? field = null) : base($"{code}: {detail}")
    {
        Code = code;
        Detail = detail;
        Field = field;
    }

    /// <summary>Stable code of the refusal, see <see cref="Contracts.ErrorCodes"/>.</summary>
    public string Code { get; }

    /// <summary>A sentence for people.</summary>
    public string Detail { get; }

    /// <summary>The field that is wrong, as a path.</summary>
    public string? Field { get; }

    /// <summary>The HTTP status, where the refusal came over HTTP.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>When to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>A conversation's log contradicts its hash chain: something was removed, inserted, reordered or changed.</summary>
public sealed class BrokenChainException : Exception
{
    /// <summary>Makes one.</summary>
    public BrokenChainException(Guid conversationId, long seq, string reason)
        : base($"The log of conversation {conversationId} is broken at {seq}: {reason}")
    {
        ConversationId = conversationId;
        Seq = seq;
    }

    /// <summary>The conversation.</summary>
    public Guid ConversationId { get; }

    /// <summary>The first event that doesn't fit.</summary>
    public long Seq { get; }
}
