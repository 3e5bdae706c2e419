using System.Globalization;
using System.Text;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>What the server offers about conversations besides the live connection. Every method throws <see cref="CoolChatException"/> on a refusal.</summary>
public sealed class ChatApi
{
    private readonly RestClient _rest;

    internal ChatApi(RestClient rest) => _rest = rest;

    /// <summary>The direct conversation with somebody (userId or address); makes it when there is none.</summary>
    public Task<ConversationView> OpenDirectAsync(string userIdOrAddress, CancellationToken cancellationToken = default) =>
        CreateAsync(new CreateConversationRequest { CommandId = Guid.CreateVersion7(), Kind = ConversationKinds.Direct, Members = [userIdOrAddress] }, cancellationToken);

    /// <summary>Makes a group.</summary>
    public Task<ConversationView> CreateGroupAsync(string title, IReadOnlyList<string> members, CancellationToken cancellationToken = default) =>
        CreateAsync(new CreateConversationRequest { CommandId = Guid.CreateVersion7(), Kind = ConversationKinds.Group, Title = title, Members = members }, cancellationToken);

    /// <summary>Makes a channel.</summary>
    public Task<ConversationView> CreateChannelAsync(string title, bool listed = true, CancellationToken cancellationToken = default) =>
        CreateAsync(new CreateConversationRequest { CommandId = Guid.CreateVersion7(), Kind = ConversationKinds.Channel, Title = title, Listed = listed }, cancellationToken);

    /// <summary>Makes a conversation; the same commandId again answers the same one.</summary>
    public Task<ConversationView> CreateAsync(CreateConversationRequest request, CancellationToken cancellationToken = default) =>
        _rest.PostAsync<ConversationView>("chat/conversations", request, cancellationToken);

    /// <summary>A page of one's conversations.</summary>
    public Task<Page<ConversationView>> ListAsync(string? next = null, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<Page<ConversationView>>("chat/conversations" + Query(("next", next)), cancellationToken);

    /// <summary>One conversation.</summary>
    public Task<ConversationView> GetAsync(Guid conversationId, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<ConversationView>($"chat/conversations/{conversationId}", cancellationToken);

    /// <summary>Messages as they are now; give one of the three positions, or none for the latest.</summary>
    public Task<MessagePage> MessagesAsync(
        Guid conversationId, long? before = null, long? after = null, long? around = null, int? limit = null, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<MessagePage>(
            $"chat/conversations/{conversationId}/messages" + Query(("before", Text(before)), ("after", Text(after)), ("around", Text(around)), ("limit", Text(limit))), cancellationToken);

    /// <summary>A page of the raw log.</summary>
    public Task<EventPage> EventsAsync(Guid conversationId, long? after = null, long? before = null, int? limit = null, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<EventPage>(
            $"chat/conversations/{conversationId}/events" + Query(("after", Text(after)), ("before", Text(before)), ("limit", Text(limit))), cancellationToken);

    /// <summary>Sends a command over HTTP instead of the live connection, once: without an answer its outcome is unknown.</summary>
    public Task<CommandResult> SubmitAsync(Command command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _rest.PostAsync<CommandResult>($"chat/conversations/{command.ConversationId}/commands", command, cancellationToken);
    }

    /// <summary>The outcome of an earlier command.</summary>
    public Task<CommandResult> OutcomeAsync(Guid conversationId, Guid commandId, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<CommandResult>($"chat/conversations/{conversationId}/commands/{commandId}", cancellationToken);

    /// <summary>What changed for me since an earlier answer.</summary>
    public Task<SyncPage> SyncAsync(string? since = null, int? limit = null, CancellationToken cancellationToken = default) =>
        _rest.PostAsync<SyncPage>("chat/sync", new SyncRequest { Since = since, Limit = limit }, cancellationToken);

    /// <summary>Finds messages: words, "phrases", prefix*, from: in: has: before: after:.</summary>
    public Task<Page<SearchHit>> SearchAsync(string query, string? next = null, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<Page<SearchHit>>("chat/search" + Query(("q", query), ("next", next)), cancellationToken);

    /// <summary>What was written in a conversation, by day and language.</summary>
    public Task<ConversationStats> StatsAsync(Guid conversationId, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<ConversationStats>($"chat/conversations/{conversationId}/stats", cancellationToken);

    /// <summary>Links that were shared in a conversation, latest first.</summary>
    public Task<Page<LinkView>> LinksAsync(Guid conversationId, string? next = null, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<Page<LinkView>>($"chat/conversations/{conversationId}/links" + Query(("next", next)), cancellationToken);

    /// <summary>One's messages that wait for their time.</summary>
    public Task<Page<ScheduledView>> ScheduledAsync(CancellationToken cancellationToken = default) =>
        _rest.GetAsync<Page<ScheduledView>>("chat/scheduled", cancellationToken);

    /// <summary>Changes one's own settings and draft for a conversation.</summary>
    public Task SetPreferencesAsync(Guid conversationId, MemberPreferences preferences, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Patch, $"chat/conversations/{conversationId}/me", preferences, cancellationToken);

    /// <summary>Makes an invite link.</summary>
    public Task<InviteView> CreateInviteAsync(Guid conversationId, CreateInviteRequest? request = null, CancellationToken cancellationToken = default) =>
        _rest.PostAsync<InviteView>($"chat/conversations/{conversationId}/invites", request ?? new CreateInviteRequest(), cancellationToken);

    /// <summary>The invite links of a conversation.</summary>
    public Task<Page<InviteView>> InvitesAsync(Guid conversationId, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<Page<InviteView>>($"chat/conversations/{conversationId}/invites", cancellationToken);

    /// <summary>Ends an invite link.</summary>
    public Task RevokeInviteAsync(Guid conversationId, Guid inviteId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Delete, $"chat/conversations/{conversationId}/invites/{inviteId}", null, cancellationToken);

    private static string? Text(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    internal static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        StringBuilder query = new();
        foreach ((string name, string? value) in parameters)
        {
            if (value is not null)
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
        return query.ToString();
    }
}
