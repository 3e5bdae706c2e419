using CoolChat.Engines.Mongo;
using CoolChat.User.Accounts;
using MongoDB.Bson;

namespace CoolChat.User.Adapters.Mongo;

/// <summary>An account with its wallets, oldest first, as one document of <c>accounts</c>.</summary>
internal sealed record AccountDocument(Account Account, IReadOnlyList<Wallet> Wallets)
{
    public const string LastSeenField = "lastSeen";

    /// <summary>When the person was last here; not a part of the account that others are shown.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The first characters after every text that begins with a prefix.</summary>
    public const string AfterAll = "\U0010FFFF";

    /// <summary>The account as others know it: with its primary wallet.</summary>
    public Account Shown => Account with { Wallet = Wallets.FirstOrDefault(wallet => wallet.Primary)?.Id };

    /// <summary>What the person is found by: words of the name (true) and wallets (false). Nothing unless active and in good standing.</summary>
    public IReadOnlyDictionary<string, bool> SearchKeys()
    {
        Dictionary<string, bool> keys = new(StringComparer.Ordinal);
        if (Account.ActivatedAt is null || Account.Deleted || Account.Suspended)
            return keys;
        foreach (Wallet wallet in Wallets)
            keys[wallet.Id.Key] = false;
        foreach (string name in NameKeys.Of(Account.Profile.DisplayName))
            keys[name] = true;
        return keys;
    }

    /// <summary>Where the person stands in a search: their first matching name key or, when no word matches, their first matching wallet.</summary>
    public string? PlaceIn(string prefix) => SearchKeys()
        .Where(key => key.Key.StartsWith(prefix, StringComparison.Ordinal))
        .OrderByDescending(key => key.Value).ThenBy(key => key.Key, ByBytes.Instance)
        .Select(key => key.Key)
        .FirstOrDefault();

    public BsonDocument ToBson() => new BsonDocument("_id", MongoValues.Id(Account.Id))
        .Add("createdAt", MongoValues.Time(Account.CreatedAt))
        .With("activatedAt", Account.ActivatedAt is { } activated ? MongoValues.Time(activated) : null)
        .With("deletedAt", Account.DeletedAt is { } deleted ? MongoValues.Time(deleted) : null)
        .With(LastSeenField, LastSeen is { } seen ? MongoValues.Time(seen) : null)
        .With("role", Account.ServerRole)
        .Add("suspended", Account.Suspended)
        .Add("profile", ToBson(Account.Profile))
        .Add("wallets", new BsonArray(Wallets.OrderBy(wallet => wallet.LinkedAt).ThenBy(wallet => wallet.Id.Key, ByBytes.Instance).Select(wallet =>
            new BsonDocument("address", wallet.Id.Address)
                .With("chain", wallet.Id.Chain)
                .Add("primary", wallet.Primary)
                .Add("linkedAt", MongoValues.Time(wallet.LinkedAt)))));

    public static AccountDocument Of(BsonDocument document) => new(
        new Account
        {
            Id = MongoValues.Id(document["_id"]),
            CreatedAt = MongoValues.Time(document["createdAt"]),
            ActivatedAt = document.TimeOrNull("activatedAt"),
            DeletedAt = document.TimeOrNull("deletedAt"),
            ServerRole = document.TextOrNull("role"),
            Suspended = document["suspended"].AsBoolean,
            Profile = ProfileOf(document["profile"].AsBsonDocument),
        },
        [
            .. document["wallets"].AsBsonArray.Select(value => value.AsBsonDocument).Select(wallet => new Wallet(
                new WalletId(wallet["address"].AsString, wallet.TextOrNull("chain")), wallet["primary"].AsBoolean, MongoValues.Time(wallet["linkedAt"]))),
        ])
    {
        LastSeen = document.TimeOrNull(LastSeenField),
    };

    private static BsonDocument ToBson(Profile profile) => new BsonDocument()
        .With("displayName", profile.DisplayName)
        .With("bio", profile.Bio)
        .With("statusText", profile.StatusText)
        .With("statusEmoji", profile.StatusEmoji)
        .With("statusUntil", profile.StatusUntil is { } until ? MongoValues.Time(until) : null)
        .With("language", profile.Language)
        .With("timeZone", profile.TimeZone)
        .With("avatar", profile.Avatar is { } avatar ? MongoValues.Id(avatar) : null);

    private static Profile ProfileOf(BsonDocument profile) => new()
    {
        DisplayName = profile.TextOrNull("displayName"),
        Bio = profile.TextOrNull("bio"),
        StatusText = profile.TextOrNull("statusText"),
        StatusEmoji = profile.TextOrNull("statusEmoji"),
        StatusUntil = profile.TimeOrNull("statusUntil"),
        Language = profile.TextOrNull("language"),
        TimeZone = profile.TextOrNull("timeZone"),
        Avatar = profile.IdOrNull("avatar"),
    };

    /// <summary>MongoDB's order of strings: by UTF-8 bytes, which UTF-16 does not give beyond the basic plane.</summary>
    private sealed class ByBytes : IComparer<string>
    {
        public static readonly ByBytes Instance = new();

        public int Compare(string? x, string? y) =>
            System.Text.Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y ?? ""));
    }
}
