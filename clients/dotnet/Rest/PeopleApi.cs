using System.Text.Json;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>Profiles, contacts, blocks and sessions. Every method throws <see cref="CoolChatException"/> on a refusal.</summary>
public sealed class PeopleApi
{
    private readonly RestClient _rest;

    internal PeopleApi(RestClient rest) => _rest = rest;

    /// <summary>One's own account.</summary>
    public Task<PersonView> MeAsync(CancellationToken cancellationToken = default) => _rest.GetAsync<PersonView>("user/me", cancellationToken);

    /// <summary>Changes one's own profile; null leaves a field as it is.</summary>
    public Task<PersonView> UpdateMeAsync(ProfileChanges changes, CancellationToken cancellationToken = default) =>
        _rest.SendAsync<PersonView>(HttpMethod.Patch, "user/me", changes, cancellationToken);

    /// <summary>Somebody's profile.</summary>
    public Task<PersonView> ProfileAsync(string userIdOrAddress, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<PersonView>($"user/profiles/{Uri.EscapeDataString(userIdOrAddress)}", cancellationToken);

    /// <summary>People whose name or address begins with the text.</summary>
    public Task<Page<PersonView>> SearchAsync(string query, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<Page<PersonView>>("user/search" + ChatApi.Query(("q", query)), cancellationToken);

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
    public Task<JsonElement> SessionsAsync(CancellationToken cancellationToken = default) => _rest.GetAsync<JsonElement>("user/sessions", cancellationToken);

    /// <summary>Ends a session; its connections close.</summary>
    public Task RevokeSessionAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Delete, $"user/sessions/{sessionId}", null, cancellationToken);
}

/// <summary>A person.</summary>
public sealed record PersonView
{
    /// <summary>The account.</summary>
    public required Guid UserId { get; init; }
    /// <summary>Primary wallet, EIP-55.</summary>
    public required string Address { get; init; }
    /// <summary>Name to show.</summary>
    public string? DisplayName { get; init; }
    /// <summary>A few words about oneself.</summary>
    public string? Bio { get; init; }
    /// <summary>A line for the moment.</summary>
    public string? Status { get; init; }
    /// <summary>BCP 47 tag.</summary>
    public string? Language { get; init; }
    /// <summary>IANA time zone.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>Changes of one's own profile; an empty string clears a field.</summary>
public sealed record ProfileChanges
{
    /// <summary>Name to show.</summary>
    public string? DisplayName { get; init; }
    /// <summary>A few words about oneself.</summary>
    public string? Bio { get; init; }
    /// <summary>A line for the moment.</summary>
    public string? Status { get; init; }
    /// <summary>BCP 47 tag.</summary>
    public string? Language { get; init; }
    /// <summary>IANA time zone.</summary>
    public string? TimeZone { get; init; }
}
