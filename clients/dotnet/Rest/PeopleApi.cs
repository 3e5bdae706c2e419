using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>Profiles, contacts, blocks and sessions. Every method throws <see cref="CoolChatException"/> on a refusal.</summary>
public sealed class PeopleApi
{
    private readonly RestClient _rest;

    internal PeopleApi(RestClient rest) => _rest = rest;

    /// <summary>One's own account.</summary>
    public Task<MeView> MeAsync(CancellationToken cancellationToken = default) => _rest.GetAsync<MeView>("user/me", cancellationToken);

    /// <summary>Changes one's own profile; null leaves a field as it is.</summary>
    public Task<MeView> UpdateMeAsync(ProfileChanges changes, CancellationToken cancellationToken = default) =>
        _rest.SendAsync<MeView>(HttpMethod.Patch, "user/me", changes, cancellationToken);

    /// <summary>Somebody's profile.</summary>
    public Task<ProfileView> ProfileAsync(string userIdOrAddress, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<ProfileView>($"user/profiles/{Uri.EscapeDataString(userIdOrAddress)}", cancellationToken);

    /// <summary>People whose name or address begins with the text.</summary>
    public Task<Page<ProfileView>> SearchAsync(string query, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<Page<ProfileView>>("user/search" + ChatApi.Query(("q", query)), cancellationToken);

    /// <summary>Adds a contact.</summary>
    public Task AddContactAsync(Guid userId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Put, $"user/contacts/{userId}", null, cancellationToken);

    /// <summary>Removes a contact.</summary>
    public Task RemoveContactAsync(Guid userId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Delete, $"user/contacts/{userId}", null, cancellationToken);

    /// <summary>Blocks somebody.</summary>
    public Task BlockAsync(Guid userId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Put, $"user/blocks/{userId}", null, cancellationToken);

    /// <summary>Unblocks somebody.</summary>
    public Task UnblockAsync(Guid userId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Delete, $"user/blocks/{userId}", null, cancellationToken);

    /// <summary>One's sessions, as the server tells them.</summary>
    public Task<Page<SessionView>> SessionsAsync(CancellationToken cancellationToken = default) => _rest.GetAsync<Page<SessionView>>("user/sessions", cancellationToken);

    /// <summary>Ends a session; its connections close.</summary>
    public Task RevokeSessionAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Delete, $"user/sessions/{sessionId}", null, cancellationToken);
}
