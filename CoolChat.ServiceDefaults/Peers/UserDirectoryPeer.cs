using System.Collections.Concurrent;
using System.Collections.Frozen;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>
/// <see cref="IUserDirectory"/> of the user service, from elsewhere. Resolving decides, and may make accounts: it is always asked. Names are remembered until
/// <see cref="ProfileChanged"/>, and not for long, for that may get lost. Of contacts the whole list is fetched, once for all the people that somebody
/// begins to watch at a time.
/// </summary>
internal sealed class UserDirectoryPeer : IUserDirectory, IDisposable
{
    private const string Path = "/internal/people";
    private const int MostRemembered = 50_000;
    private const int MostLists = 1_000;
    private const int AtOnce = 500;
    private static readonly TimeSpan NamesHold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ContactsHold = TimeSpan.FromSeconds(1);

    private readonly PeerClient _user;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<Guid, (DirectoryEntry Entry, long At)> _names = new();
    private readonly ConcurrentDictionary<Guid, (Task<FrozenSet<Guid>> List, long At)> _contacts = new();
    private int _changes;

    public UserDirectoryPeer(PeerClient user, IIntegrationEvents events, TimeProvider time)
    {
        _user = user;
        _time = time;
        _subscription = events.Subscribe<ProfileChanged>((changed, _) =>
        {
            Interlocked.Increment(ref _changes);
            _names.TryRemove(changed.UserId, out var _);
            return ValueTask.CompletedTask;
        });
    }

    public ValueTask<Result<IReadOnlyList<Guid>>> ResolveAsync(Guid asker, IReadOnlyList<string> idsOrAddresses, CancellationToken cancellationToken) =>
        _user.AskForResultAsync<IReadOnlyList<Guid>>(Path + "/resolve", new ResolveQuestion(asker, idsOrAddresses), cancellationToken);

    public async ValueTask<IReadOnlyList<DirectoryEntry>> LookUpAsync(IReadOnlyList<Guid> userIds, CancellationToken cancellationToken)
    {
        List<DirectoryEntry> found = [];
        List<Guid> missing = [];
        foreach (Guid id in userIds.Distinct())
        {
            if (_names.TryGetValue(id, out (DirectoryEntry Entry, long At) known) && _time.GetElapsedTime(known.At) < NamesHold)
                found.Add(known.Entry);
            else
                missing.Add(id);
        }
        foreach (Guid[] some in missing.Chunk(AtOnce))
        {
            int changes = Volatile.Read(ref _changes);
            DirectoryEntry[] entries = await _user.AskAsync<DirectoryEntry[]>(Path + "/look-up", some, cancellationToken);
            found.AddRange(entries);
            // One that changed meanwhile may be the old one.
            if (changes == Volatile.Read(ref _changes))
                Remember(entries);
        }
        return found;
    }

    public async ValueTask<IReadOnlyList<Guid>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        await _user.AskAsync<Guid[]>(Path + "/by-prefix", new PrefixQuestion(prefix, limit), cancellationToken);

    public async ValueTask<bool> IsContactAsync(Guid owner, Guid other, CancellationToken cancellationToken)
    {
        if (!_contacts.TryGetValue(owner, out (Task<FrozenSet<Guid>> List, long At) known) || _time.GetElapsedTime(known.At) >= ContactsHold || known.List.IsFaulted)
        {
            if (_contacts.Count >= MostLists)
                _contacts.Clear();
            // Not cancelled with whoever was the first to ask.
            _contacts[owner] = known = (FetchContactsAsync(owner), _time.GetTimestamp());
        }
        return (await known.List.WaitAsync(cancellationToken)).Contains(other);
    }

    public void Dispose() => _subscription.Dispose();

    private async Task<FrozenSet<Guid>> FetchContactsAsync(Guid owner) =>
        (await _user.FindAsync<Guid[]>($"{Path}/{owner:D}/contacts", CancellationToken.None) ?? throw _user.Missing(Path)).ToFrozenSet();

    private void Remember(DirectoryEntry[] entries)
    {
        if (_names.Count + entries.Length > MostRemembered)
            _names.Clear();
        foreach (DirectoryEntry entry in entries)
            _names[entry.UserId] = (entry, _time.GetTimestamp());
    }

    public static void Map(IEndpointRouteBuilder app, params string[] callers)
    {
        RouteGroupBuilder people = app.MapGroup(Path).RequirePeer(callers).ExcludeFromDescription();
        people.MapPost("/resolve", AnswerAsync);
        people.MapPost("/look-up", async (Guid[] ids, [FromServices] IUserDirectory directory, CancellationToken cancellationToken) =>
            TypedResults.Ok(await directory.LookUpAsync(ids, cancellationToken)));
        people.MapPost("/by-prefix", async (PrefixQuestion question, [FromServices] IUserDirectory directory, CancellationToken cancellationToken) =>
            TypedResults.Ok(await directory.FindByPrefixAsync(question.Prefix, question.Limit, cancellationToken)));
        people.MapGet("/{owner:guid}/contacts", async (Guid owner, [FromServices] IContactLists lists, CancellationToken cancellationToken) =>
            TypedResults.Ok(await lists.ListContactsAsync(owner, cancellationToken)));
    }

    private static async Task<Ok<PeerAnswer<IReadOnlyList<Guid>>>> AnswerAsync(
        ResolveQuestion question, [FromServices] IUserDirectory directory, CancellationToken cancellationToken) =>
        TypedResults.Ok(PeerAnswer.Of(await directory.ResolveAsync(question.Asker, question.Who, cancellationToken)));

    private sealed record ResolveQuestion(Guid Asker, IReadOnlyList<string> Who);

    private sealed record PrefixQuestion(string Prefix, int Limit);
}
