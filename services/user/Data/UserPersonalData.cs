using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Profiles;
using CoolChat.User.Relations;
using CoolChat.User.Sessions;

namespace CoolChat.User.Data;

/// <summary>The user service's own part of the export and of the erasure.</summary>
internal sealed class UserPersonalData(
    IAccountStore accounts, ISessionStore sessions, IRelationStore relations, EndSessions end, ProfileViews views, TimeProvider time) : IPersonalData
{
    private const int RelationsAtOnce = 500;
    private static readonly JsonSerializerOptions Readable = new(CoolChatJson.Options) { WriteIndented = true };

    public string Section => "user";

    public async Task ExportAsync(Guid userId, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writeFile);
        if (await accounts.FindAsync(userId, cancellationToken) is not { } account)
            return;
        MeView me = await views.MeAsync(account, cancellationToken);
        await WriteAsync(writeFile, "profile.json", me);
        if ((await accounts.SeenAsync([userId], cancellationToken)).TryGetValue(userId, out DateTimeOffset lastSeen))
            await WriteAsync(writeFile, "presence.json", new { lastSeen });
        IReadOnlyList<Session> living = await sessions.ListAsync(userId, time.GetUtcNow(), cancellationToken);
        await WriteAsync(writeFile, "sessions.json", living.Select(static session =>
            new { session.Id, session.Device, session.Address, session.CreatedAt, session.LastSeenAt }));
        await WriteAsync(writeFile, "contacts.json", await RelationsAsync(RelationKind.Contact, userId, cancellationToken));
        await WriteAsync(writeFile, "blocks.json", await RelationsAsync(RelationKind.Block, userId, cancellationToken));
    }

    /// <summary>Ends the sessions first, so that nobody acts as the person while the rest goes.</summary>
    public async Task EraseAsync(Guid userId, bool eraseMessages, CancellationToken cancellationToken)
    {
        await accounts.EraseAsync(userId, eraseMessages, time.GetUtcNow(), cancellationToken);
        await end.AllAsync(userId, except: null, cancellationToken);
        await sessions.ForgetAsync(userId, cancellationToken);
        await relations.ForgetAsync(userId, cancellationToken);
    }

    private async Task<List<object>> RelationsAsync(RelationKind kind, Guid userId, CancellationToken cancellationToken)
    {
        List<object> all = [];
        IReadOnlyList<Relation> page;
        Guid? after = null;
        do
        {
            page = await relations.ListAsync(kind, userId, after, RelationsAtOnce, cancellationToken);
            Dictionary<Guid, Account> people = (await accounts.FindManyAsync([.. page.Select(static relation => relation.Other)], cancellationToken))
                .ToDictionary(static account => account.Id);
            all.AddRange(page.Select(relation => new { UserId = relation.Other, people[relation.Other].Wallet?.Address, relation.Since }));
            after = page.Count > 0 ? page[^1].Other : null;
        }
        while (page.Count == RelationsAtOnce);
        return all;
    }

    private static Task WriteAsync<T>(Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, string name, T content) =>
        writeFile(name, (stream, cancellationToken) => JsonSerializer.SerializeAsync(stream, content, Readable, cancellationToken));
}
