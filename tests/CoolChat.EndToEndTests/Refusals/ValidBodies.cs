using System.Text.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>A request that is as it should be: only then does what is changed in it decide.</summary>
internal sealed record ValidRequest(string Path, string Json, string? Token)
{
    /// <summary>For what can't be right here (a claim link that was used): refused also unchanged.</summary>
    public bool RefusedAnyway { get; init; }

    /// <summary>The body may be left out.</summary>
    public bool Optional { get; init; }
}

/// <summary>One valid request for every operation that takes a JSON body, made anew for each use.</summary>
internal sealed class ValidBodies(Server server, TestPerson person, TestPerson? owner, Guid group)
{
    private const string NoSecret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private readonly string _token = person.Client.Tokens.AccessToken;

    /// <summary>By method and path.</summary>
    public IReadOnlyDictionary<string, Func<Task<ValidRequest>>> All => new Dictionary<string, Func<Task<ValidRequest>>>
    {
        ["POST /user/auth/verify"] = async () =>
        {
            WalletProof proof = await SignedAsync();
            return new("user/auth/verify", Text(new SignInRequest { Message = proof.Message, Signature = proof.Signature, Device = new DeviceInfo { Name = "Phone", Cookie = false } }), null);
        },
        ["POST /user/auth/refresh"] = async () => new("user/auth/refresh", Text(new RefreshRequest { RefreshToken = await RefreshTokenAsync() }), null) { Optional = true },
        ["POST /user/auth/logout"] = async () => new("user/auth/logout", Text(new RefreshRequest { RefreshToken = await RefreshTokenAsync() }), null) { Optional = true },
        ["PATCH /user/me"] = () => Of("user/me", """{"displayName":"Ann","bio":"b","status":{"text":"t","emoji":"🙂"},"language":"en","timeZone":"Europe/Berlin"}"""),
        ["DELETE /user/me"] = async () =>
        {
            await using TestPerson leaving = await TestPerson.SignInAsync(server.Url);
            return new("user/me", Text(new DeleteAccountRequest { Confirm = leaving.Key.Address, EraseMessages = true }), leaving.Client.Tokens.AccessToken);
        },
        ["POST /user/wallets"] = async () => new("user/wallets", Text(await LinkSignedAsync()), _token),
        ["PATCH /user/wallets/{address}"] = () => Of($"user/wallets/{person.Key.Address}", """{"primary":true}"""),
        ["POST /user/claim"] = () => Task.FromResult(new ValidRequest("user/claim", $$"""{"token":"{{NoSecret}}"}""", _token) { RefusedAnyway = true }),
        ["POST /user/invites"] = () => OfAdmin("user/invites", """{"expiresIn":3600,"maxUses":1}"""),
        ["PATCH /user/admin/server"] = () => OfAdmin("user/admin/server", """{"name":"CoolChat","registration":"open"}"""),
        ["PATCH /user/admin/users/{userId}"] = () => OfAdmin($"user/admin/users/{person.Id}", """{"serverRole":"none","suspended":false}"""),
        ["POST /chat/conversations"] = () => Of("chat/conversations", Text(new CreateConversationRequest
        {
            CommandId = Guid.CreateVersion7(),
            Kind = ConversationKinds.Group,
            Members = [],
            Title = "T",
            Topic = "t",
            HistoryVisibility = HistoryVisibilities.Shared,
            Listed = false,
        })),
        ["PATCH /chat/conversations/{id}/me"] = () => Of($"chat/conversations/{group}/me", """{"favourite":true,"draft":"unsent"}"""),
        ["POST /chat/sync"] = () => Of("chat/sync", """{"limit":10}"""),
        ["POST /chat/conversations/{id}/commands"] = () => Of($"chat/conversations/{group}/commands", Text(Steps.Text(group, "words"))),
        ["POST /chat/conversations/{id}/read"] = () => Of($"chat/conversations/{group}/read", """{"seq":1}"""),
        ["POST /chat/conversations/{id}/invites"] = () => Of($"chat/conversations/{group}/invites", """{"expiresIn":3600,"maxUses":1}"""),
        ["POST /media/uploads"] = () => Of("media/uploads", $$"""{"fileName":"a.bin","contentType":"application/octet-stream","size":10,"sha256":"{{new string('a', 64)}}","encrypted":false}"""),
    };

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, CoolChatJson.Options);

    private Task<ValidRequest> Of(string path, string json) => Task.FromResult(new ValidRequest(path, json, _token));

    private Task<ValidRequest> OfAdmin(string path, string json) =>
        Task.FromResult(new ValidRequest(path, json, (owner ?? person).Client.Tokens.AccessToken) { RefusedAnyway = owner is null });

    private async Task<string> RefreshTokenAsync()
    {
        await using TestPerson session = await TestPerson.SignInAsync(server.Url);
        return session.Client.Tokens.RefreshToken!;
    }

    private async Task<WalletProof> LinkSignedAsync()
    {
        using HttpClient http = Steps.Http(server.Url, person);
        return await Steps.SignLinkAsync(http, WalletKey.Create());
    }

    private Task<WalletProof> SignedAsync() => Steps.SignAsync(server.Url, WalletKey.Create());
}
