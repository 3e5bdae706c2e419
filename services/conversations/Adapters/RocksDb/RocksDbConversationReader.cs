using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>
/// Reads the families documented on <see cref="ConversationFamilies"/>. Every answer comes from one snapshot. Reading is synchronous: the
/// data is local, mostly in memory, and a thread hop would cost more than the look-up.
/// </summary>
internal sealed partial class RocksDbConversationReader(
    RocksDbEngine engine, ConversationFamilies families, MembershipCache memberships, TimeProvider time, IBlockList? blocks = null) : IConversationReader
{
    private const int MostCounted = 100_000;
    private static readonly Refusal NoSuchConversation = Refusal.NotFound();

    public ValueTask<Membership?> FindMembershipAsync(Guid conversationId, Guid userId, CancellationToken cancellationToken)
    {
        if (memberships.Find(conversationId, userId) is { } known)
            return new(known);
        long version = memberships.Version;
        if (engine.Get(Keys.Pair(conversationId, userId), families.Members) is not { } value)
            return new((Membership?)null);
        MemberRecord member = Codec.Member(value);
        Membership membership = new(member.Kind, member.Role, member.FirstSeq);
        memberships.Remember(conversationId, userId, membership, version);
        return new(membership);
    }

    public ValueTask<IReadOnlyList<Guid>> ListConversationIdsAsync(Guid userId, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        List<Guid> ids = [];
        byte[] prefix = Keys.Id(userId);
        Scan.Up(view, families.Memberships, prefix, prefix, (key, _) =>
        {
            Guid id = Keys.ReadId(key, 16);
            if (view.Has(Keys.Pair(id, userId), families.Members))
                ids.Add(id);
            return true;
        });
        return new(ids);
    }

    public ValueTask<IReadOnlyList<Guid>> ListFormerConversationIdsAsync(Guid userId, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        List<Guid> ids = [];
        byte[] prefix = Keys.Id(userId);
        Scan.Up(view, families.Memberships, prefix, prefix, (key, value) =>
        {
            if (Codec.Json<MembershipRecord>(value.ToArray()).Removed)
                ids.Add(Keys.ReadId(key, 16));
            return true;
        });
        return new(ids);
    }

    public ValueTask<Guid?> FindSharedConversationAsync(Guid a, Guid b, CancellationToken cancellationToken)
    {
        const int mostConversations = 1_000;
        using RocksDbView view = engine.View();
        Guid direct = ConversationIds.Direct(a, b);
        if (view.Has(Keys.Id(direct), families.Heads))
            return new(direct);
        Guid? shared = null;
        int seen = 0;
        byte[] prefix = Keys.Id(a);
        Scan.Up(view, families.Memberships, prefix, prefix, (key, _) =>
        {
            Guid id = Keys.ReadId(key, 16);
            if (view.Has(Keys.Pair(id, b), families.Members) && view.Has(Keys.Pair(id, a), families.Members))
                shared = id;
            return shared is null && ++seen < mostConversations;
        });
        return new(shared);
    }

    public ValueTask<Result<ConversationView>> GetAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        return new(View(view, viewer, conversationId, full: true) is { } found ? found : NoSuchConversation);
    }

    public ValueTask<Result<Page<ConversationView>>> ListAsync(Guid viewer, string? next, int limit, CancellationToken cancellationToken)
    {
        if (!TryReadPlace(next, out Place? from))
            return new(Refusal.Invalid("next", "next is not from an earlier page."));
        using RocksDbView view = engine.View();
        IEnumerable<Place> places = Places(view, viewer, includeRemoved: false).OrderByDescending(place => place);
        if (from is { } start)
            places = places.Where(place => place.CompareTo(start) < 0);
        List<Place> page = [.. places.Take(limit + 1)];
        List<ConversationView> items = [.. page.Take(limit).Select(place => View(view, viewer, place.ConversationId, full: false)).OfType<ConversationView>()];
        return new(new Page<ConversationView> { Items = items, Next = page.Count > limit ? Cursor.Of(page[limit - 1].ToKey()) : null });
    }

    public ValueTask<Result<Page<ConversationView>>> ListChannelsAsync(
        Guid viewer, string? query, string? next, int limit, CancellationToken cancellationToken)
    {
        byte[]? from = null;
        if (next is not null && !Cursor.TryRead(next, 0, out from))
            return new(Refusal.Invalid("next", "next is not from an earlier page."));
        using RocksDbView view = engine.View();
        string wanted = query?.ToLowerInvariant() ?? "";
        List<ConversationView> items = [];
        byte[]? last = null;
        bool more = false;
        Scan.Up(view, families.Channels, default, from is null ? [] : [.. from, 0], (key, _) =>
        {
            if (!System.Text.Encoding.UTF8.GetString(key[..^17]).Contains(wanted, StringComparison.Ordinal))
                return true;
            if (items.Count == limit)
            {
                more = true;
                return false;
            }
            if (View(view, viewer, Keys.ReadId(key, key.Length - 16), full: false) is { } channel)
            {
                items.Add(channel);
                last = key.ToArray();
            }
            return true;
        });
        return new(new Page<ConversationView> { Items = items, Next = more ? Cursor.Of(last) : null });
    }

    public ValueTask<Result<SyncPage>> SyncAsync(Guid viewer, string? since, int limit, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        byte[] store = view.Get(Keys.Store, families.Meta)!;
        if (!TryReadSince(since, store, out Place start))
            return new(Refusal.Invalid("since", "since is not from an earlier answer."));
        long now = view.Get(Keys.Stamp, families.Meta) is { } stamp ? Keys.ReadNumber(stamp, 0) : 0;
        List<Place> changed = [.. Places(view, viewer, includeRemoved: start != default).Where(entry => entry.CompareTo(start) > 0).Order()];
        List<ConversationView> conversations = [.. changed.Take(limit).Select(entry => Changed(view, viewer, entry)).OfType<ConversationView>()];
        bool more = changed.Count > limit;
        Place end = more ? changed[limit - 1] : new Place(now, Place.AfterAll);
        return new(new SyncPage { Since = Cursor.Of([.. store, .. end.ToKey()]), Conversations = conversations, HasMore = more });
    }

    /// <summary>A mark of another store (the one before a restore) is as good as none: the client hears of everything, and misses nothing.</summary>
    private static bool TryReadSince(string? since, byte[] store, out Place start)
    {
        start = default;
        if (since is null)
            return true;
        if (!Cursor.TryRead(since, store.Length + 24, out byte[]? key))
            return false;
        if (key.AsSpan(0, store.Length).SequenceEqual(store))
            start = Place.Of(key.AsSpan(store.Length));
        return start.Stamp >= 0;
    }

    private ConversationView? Changed(RocksDbView view, Guid viewer, Place place) =>
        View(view, viewer, place.ConversationId, full: false) is { Role: not null } found ? found : Gone(view, place.ConversationId);

    private ConversationView? Gone(RocksDbView view, Guid conversationId) =>
        Codec.Json<ConversationInfo>(view.Get(Keys.Id(conversationId), families.Conversations)) is { } info
            ? ConversationFold.Gone(conversationId, info, time.GetUtcNow())
            : null;

    /// <summary>When each of the viewer's conversations last changed for them: an event, a mark, a setting.</summary>
    private List<Place> Places(RocksDbView view, Guid viewer, bool includeRemoved)
    {
        List<Place> places = [];
        byte[] prefix = Keys.Id(viewer);
        Scan.Up(view, families.Memberships, prefix, prefix, (key, value) =>
        {
            MembershipRecord membership = Codec.Json<MembershipRecord>(value.ToArray());
            Guid id = Keys.ReadId(key, 16);
            if (membership.Removed)
            {
                if (includeRemoved)
                    places.Add(new Place(membership.Stamp, id));
                return true;
            }
            long head = Codec.Head(view.Get(Keys.Id(id), families.Heads))?.Stamp ?? 0;
            long marks = Codec.Marks(view.Get(key, families.Marks)).Stamp;
            places.Add(new Place(Math.Max(membership.Stamp, Math.Max(head, marks)), id));
            return true;
        });
        return places;
    }

    private static bool TryReadPlace(string? cursor, out Place? place)
    {
        place = null;
        if (cursor is null)
            return true;
        if (!Cursor.TryRead(cursor, 24, out byte[]? key))
            return false;
        place = Place.Of(key);
        return place.Value.Stamp >= 0;
    }

    /// <summary>Orders conversations by change; the id breaks ties within one commit.</summary>
    private readonly record struct Place(long Stamp, Guid ConversationId) : IComparable<Place>
    {
        public static readonly Guid AfterAll = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

        public int CompareTo(Place other) =>
            Stamp != other.Stamp ? Stamp.CompareTo(other.Stamp) : ConversationId.CompareTo(other.ConversationId);

        public static Place Of(ReadOnlySpan<byte> key) => new(Keys.ReadNumber(key, 0), Keys.ReadId(key, 8));

        public byte[] ToKey() => [.. Keys.Number(Stamp), .. Keys.Id(ConversationId)];
    }
}
