using System.Net;
using System.Text.Json;
using CoolChat.Contracts;

namespace CoolChat.UnitTests.Client;

/// <summary>The reading side of a server over logs in memory: sync, summaries, events.</summary>
internal sealed class FakeServer(Guid viewer) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<Guid> _changes = [];
    private int _failures;
    private int _timeOuts;

    public Dictionary<Guid, LogWriter> Logs { get; } = [];

    /// <summary>How far the viewer has read by saying so.</summary>
    public Dictionary<Guid, long> Read { get; } = [];

    /// <summary>All access to the logs, so that they don't change under a request.</summary>
    public T Locked<T>(Func<T> act)
    {
        lock (_lock)
            return act();
    }

    public void Changed(Guid conversationId)
    {
        lock (_lock)
            _changes.Add(conversationId);
    }

    /// <summary>Answers the next requests with 503.</summary>
    public void FailNext(int requests) => Interlocked.Exchange(ref _failures, requests);

    /// <summary>Answers the next request as HttpClient tells a time-out.</summary>
    public void TimeOutNext() => Interlocked.Exchange(ref _timeOuts, 1);

    public ConversationView View(Guid id)
    {
        LogWriter log = Logs[id];
        return new ConversationView
        {
            Id = id,
            Kind = ConversationKinds.Group,
            Epoch = log.Epoch,
            MemberCount = 2,
            Role = Roles.Member,
            FirstSeq = 1,
            LastSeq = log.Events.Count,
            LastOrdinal = log.Events.Count(e => e.Ordinal is not null),
            ReadSeq = Math.Max(Read.GetValueOrDefault(id), log.Events.LastOrDefault(e => e.Type == EventTypes.MessageSent && e.Sender == viewer)?.Seq ?? 0),
            Unread = 0,
            Mentions = 0,
            MembershipVersion = 1,
            HistoryVisibility = HistoryVisibilities.Shared,
            UpdatedAt = log.Events[^1].At,
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _timeOuts, 0) == 1)
            throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException());
        if (Interlocked.Decrement(ref _failures) >= 0)
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("{\"code\":\"busy\",\"detail\":\"busy\"}") };
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        string[] path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        object answer = Locked<object>(() => path switch
        {
            ["chat", "sync"] => Sync(JsonSerializer.Deserialize<SyncRequest>(body, CoolChatJson.Options)!),
            ["chat", "conversations", var id] => View(Guid.Parse(id)),
            ["chat", "conversations", var id, "events"] => Events(Logs[Guid.Parse(id)], request.RequestUri.Query),
            _ => throw new InvalidOperationException(request.RequestUri.ToString()),
        });
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), CoolChatJson.Options)) };
    }

    private SyncPage Sync(SyncRequest request)
    {
        // Pages of two, so that paging is exercised.
        int from = request.Since is null ? 0 : int.Parse(request.Since, null);
        Guid[] page = [.. _changes.Skip(from).Take(2)];
        return new SyncPage
        {
            Since = (from + page.Length).ToString(System.Globalization.CultureInfo.InvariantCulture),
            Conversations = [.. page.Distinct().Select(View)],
            HasMore = from + page.Length < _changes.Count,
        };
    }

    private static EventPage Events(LogWriter log, string query)
    {
        int after = int.Parse(query.Split("after=")[1].Split('&')[0], null);
        const int limit = 3;
        return new EventPage { Events = [.. log.Events.Skip(after).Take(limit)], HasMore = log.Events.Count > after + limit };
    }
}
