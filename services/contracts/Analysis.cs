namespace CoolChat.Contracts;

/// <summary>GET /chat/conversations/{id}/stats: what the viewer may read of a conversation, counted. Follows the log within a second.</summary>
public sealed record ConversationStats
{
    /// <summary>Living messages.</summary>
    public required long Messages { get; init; }

    /// <summary>Days (UTC) with messages, latest first, at most 366.</summary>
    public required IReadOnlyList<DayCount> Days { get; init; }

    /// <summary>Languages as guessed, most first, at most 10; messages too short to tell are not among them.</summary>
    public required IReadOnlyList<LanguageCount> Languages { get; init; }
}

/// <summary>Messages of a day.</summary>
public sealed record DayCount
{
    /// <summary>UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>How many.</summary>
    public required long Messages { get; init; }
}

/// <summary>Messages in a language.</summary>
public sealed record LanguageCount
{
    /// <summary>ISO 639-1.</summary>
    public required string Language { get; init; }

    /// <summary>How many.</summary>
    public required long Messages { get; init; }
}

/// <summary>An address that somebody shared: GET /chat/conversations/{id}/links.</summary>
public sealed record LinkView
{
    /// <summary>The address as written: http or https.</summary>
    public required string Url { get; init; }

    /// <summary>In which message.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Its position.</summary>
    public required long Seq { get; init; }

    /// <summary>userId of who shared it.</summary>
    public required Guid Sender { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
