using CoolChat.Engines.Mongo;
using CoolChat.User.Registration;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.User.Adapters.Mongo;

/// <summary>
/// Collections <c>settings</c> (name -> value), <c>secrets</c> (name -> value), <c>signing_keys</c> (keyId -> pkcs8, signsFrom: private keys, so
/// only the user service's own MongoDB user may read them), <c>registration_invites</c> (id -> codeHash (SHA-256), createdBy, expiresAt, maxUses, left;
/// index on codeHash) and <c>used_nonces</c> (nonce -> expiresAt; index on expiresAt).
/// </summary>
internal sealed class MongoServer(UserCollections collections) : IServerStore
{
    private const string KeysGuard = "signing-keys";
    private const int MostInvites = 200;
    private static readonly BsonDocument NewestKeyFirst = new() { { "signsFrom", -1 }, { "_id", -1 } };
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;

    public async ValueTask<string?> SettingAsync(string name, CancellationToken cancellationToken) =>
        (await MongoTransaction.GuardAsync(collections.Settings.Find(MongoValues.ById(name)).FirstOrDefaultAsync(cancellationToken)))?["value"].AsString;

    public async ValueTask SetAsync(string name, string? value, CancellationToken cancellationToken) => await collections.WriteAsync(async session =>
    {
        if (value is null)
            await collections.Settings.DeleteOneAsync(session, MongoValues.ById(name), null, cancellationToken);
        else
            await collections.Settings.ReplaceOneAsync(session, MongoValues.ById(name), MongoValues.ById(name).Add("value", value), new ReplaceOptions { IsUpsert = true }, cancellationToken);
        return true;
    }, cancellationToken);

    public async ValueTask<byte[]> SecretAsync(string name, byte[] fresh, CancellationToken cancellationToken) => await collections.WriteAsync(async session =>
    {
        if (await collections.Secrets.Find(session, MongoValues.ById(name)).FirstOrDefaultAsync(cancellationToken) is { } known)
            return known["value"].AsBsonBinaryData.Bytes;
        await collections.Secrets.InsertOneAsync(session, MongoValues.ById(name).Add("value", MongoValues.Bytes(fresh)), null, cancellationToken);
        return fresh;
    }, cancellationToken);

    public async ValueTask DropSecretAsync(string name, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(collections.Secrets.DeleteOneAsync(MongoValues.ById(name), cancellationToken));

    public async ValueTask<IReadOnlyList<StoredKey>> KeysAsync(CancellationToken cancellationToken) =>
        [
            .. (await MongoTransaction.GuardAsync(collections.SigningKeys.Find(Filter.Empty).Sort(NewestKeyFirst).ToListAsync(cancellationToken)))
                .Select(key => new StoredKey(key["_id"].AsString, key["pkcs8"].AsBsonBinaryData.Bytes, MongoValues.Time(key["signsFrom"]))),
        ];

    public async ValueTask<bool> AddKeyAsync(StoredKey key, string? newest, CancellationToken cancellationToken) => await collections.WriteAsync(async session =>
    {
        BsonDocument? found = await collections.SigningKeys.Find(session, Filter.Empty).Sort(NewestKeyFirst).FirstOrDefaultAsync(cancellationToken);
        if (found?["_id"].AsString != newest)
            return false;
        await collections.GuardAsync(session, KeysGuard, cancellationToken);
        BsonDocument document = MongoValues.ById(key.KeyId).Add("pkcs8", MongoValues.Bytes(key.Pkcs8)).Add("signsFrom", MongoValues.Time(key.SignsFrom));
        await collections.SigningKeys.InsertOneAsync(session, document, null, cancellationToken);
        return true;
    }, cancellationToken);

    public async ValueTask RemoveKeyAsync(string keyId, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(collections.SigningKeys.DeleteOneAsync(MongoValues.ById(keyId), cancellationToken));

    public async ValueTask AddInviteAsync(RegistrationInvite invite, ReadOnlyMemory<byte> codeHash, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            BsonDocument document = MongoValues.ById(MongoValues.Id(invite.Id))
                .Add("codeHash", MongoValues.Bytes(codeHash))
                .Add("createdBy", MongoValues.Id(invite.CreatedBy))
                .Add("expiresAt", MongoValues.Time(invite.ExpiresAt))
                .Add("maxUses", invite.MaxUses)
                .Add("left", invite.MaxUses - invite.Uses);
            await collections.Invites.InsertOneAsync(session, document, null, cancellationToken);
            return true;
        }, cancellationToken);

    public async ValueTask<bool> TryUseInviteAsync(ReadOnlyMemory<byte> codeHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        FilterDefinition<BsonDocument> usable = Filter.Eq("codeHash", MongoValues.Bytes(codeHash)) & Living(now);
        return (await MongoTransaction.GuardAsync(
            collections.Invites.UpdateOneAsync(usable, Builders<BsonDocument>.Update.Inc("left", -1), null, cancellationToken))).ModifiedCount == 1;
    }

    public async ValueTask<IReadOnlyList<RegistrationInvite>> InvitesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<BsonDocument> found = await MongoTransaction.GuardAsync(
            collections.Invites.Find(Living(now)).Sort(MongoValues.ById(-1)).Limit(MostInvites).ToListAsync(cancellationToken));
        return
        [
            .. found.Select(invite => new RegistrationInvite(
                MongoValues.Id(invite["_id"]),
                MongoValues.Id(invite["createdBy"]),
                MongoValues.Time(invite["expiresAt"]),
                invite["maxUses"].AsInt32,
                invite["maxUses"].AsInt32 - invite["left"].AsInt32)),
        ];
    }

    public async ValueTask<bool> RemoveInviteAsync(Guid id, CancellationToken cancellationToken) =>
        (await MongoTransaction.GuardAsync(collections.Invites.DeleteOneAsync(MongoValues.ById(MongoValues.Id(id)), cancellationToken))).DeletedCount == 1;

    public async ValueTask<bool> TryUseNonceAsync(string nonce, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            if (await collections.Nonces.Find(session, MongoValues.ById(nonce)).AnyAsync(cancellationToken))
                return false;
            await collections.Nonces.InsertOneAsync(session, MongoValues.ById(nonce).Add("expiresAt", MongoValues.Time(expiresAt)), null, cancellationToken);
            return true;
        }, cancellationToken);

    public async ValueTask SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await MongoTransaction.GuardAsync(collections.Nonces.DeleteManyAsync(Filter.Lt("expiresAt", MongoValues.Time(before)), cancellationToken));
        await MongoTransaction.GuardAsync(collections.Invites.DeleteManyAsync(Filter.Lt("expiresAt", MongoValues.Time(before)), cancellationToken));
    }

    private static FilterDefinition<BsonDocument> Living(DateTimeOffset now) => Filter.Gt("expiresAt", MongoValues.Time(now)) & Filter.Gt("left", 0);
}
