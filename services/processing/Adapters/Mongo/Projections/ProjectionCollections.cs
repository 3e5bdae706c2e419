using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>
/// The collections of what is folded behind the log, beside those of <see cref="ConversationCollections"/>. Processing's projections are the only ones
/// that write them, each batch in one transaction with its cursors (docs/decisions/projections-on-mongo.md); all can be rebuilt from the log. Ids are
/// binary, see <see cref="DocumentKeys"/>; the field <c>c</c> is the conversation; <c>r</c> is the run of the projection that wrote the document.
/// <list type="table">
/// <item><term>projections</term><description>name -> form, run, clean (the run up to which documents of older runs are gone); name/partition -> run,
/// stamp (the last commit folded: the cursor, and the fence of who folds). Not sharded.</description></item>
/// <item><term>search</term><description>conversation, message -> c, r, s (seq), u (sender), p (place, see <see cref="SearchPlaces"/>), t (each token once,
/// and the terms of ScopeTerms with a colon before). Shard key c hashed; index {c, t, p}: a look-up names conversations, and reads what is in them
/// only. Texts themselves are not kept here: an erased message leaves nothing.</description></item>
/// <item><term>analysis</term><description>conversation, message -> c, r, s (seq), u (sender), a (time), d (day since 1970), l (language, '' = can't
/// tell), k (links; absent where none). Shard key c hashed; index {c, s}, and the same where k is there.</description></item>
/// <item><term>analysis_counts</term><description>conversation, hash of what is counted -> c, r, d or l, n: messages of a day, of a language. Never 0. Shard
/// key c hashed.</description></item>
/// </list>
/// </summary>
internal sealed class ProjectionCollections(MongoEngine engine) : IMongoCollections
{
    public MongoEngine Engine { get; } = engine;

    public IMongoCollection<BsonDocument> Progress { get; } = engine.Collection("projections");

    public Family Search { get; } = new(engine.Collection("search"));

    public Family Analysis { get; } = new(engine.Collection("analysis"));

    public Family Counts { get; } = new(engine.Collection("analysis_counts"));

    public void Migrate()
    {
        string[] scoped = [.. new[] { Search, Analysis, Counts }.Select(family => family.Collection.CollectionNamespace.CollectionName)];
        foreach (string name in scoped.Append("projections"))
            Engine.EnsureCollection(name);
        IndexKeysDefinitionBuilder<BsonDocument> keys = Builders<BsonDocument>.IndexKeys;
        Search.Collection.Ensure(
            keys.Ascending(Family.Scope).Ascending("t").Descending("p"), new CreateIndexOptions<BsonDocument> { Name = "terms" });
        IndexKeysDefinition<BsonDocument> bySeq = keys.Ascending(Family.Scope).Descending("s");
        Analysis.Collection.Ensure(bySeq, new CreateIndexOptions<BsonDocument> { Name = "messages" });
        Analysis.Collection.Ensure(
            bySeq.Ascending("k"),
            new CreateIndexOptions<BsonDocument> { Name = "links", PartialFilterExpression = Builders<BsonDocument>.Filter.Exists("k") });
        Engine.EnsureSharded(scoped, Family.Scope);
    }
}
