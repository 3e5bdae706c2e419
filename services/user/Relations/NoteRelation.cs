using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Profiles;

namespace CoolChat.User.Relations;

/// <summary>Adds or removes a contact or a block. Noting twice, or removing what isn't there, changes nothing and is fine.</summary>
internal sealed class NoteRelation(IRelationStore relations, People people, IIntegrationEvents events, TimeProvider time)
{
    /// <summary>A contact or block may be an address that has never signed in.</summary>
    public async Task<Result<bool>> PutAsync(RelationKind kind, Guid owner, string idOrAddress, CancellationToken cancellationToken)
    {
        if (await people.EnsureAsync(idOrAddress, cancellationToken) is not { Deleted: false } other)
            return Refusal.NotFound();
        if (other.Id == owner)
            return Refusal.Invalid("id", "That is you.");
        int limit = kind == RelationKind.Contact ? new UserLimits().Contacts : new UserLimits().Blocks;
        if (!await relations.PutAsync(kind, owner, other.Id, limit, time.GetUtcNow(), cancellationToken))
            return Refusal.Conflict("The list is full.");
        if (kind == RelationKind.Block)
            await events.PublishAsync(new BlockChanged(owner, other.Id, IsBlocked: true), CancellationToken.None);
        return true;
    }

    public async Task<Result<bool>> RemoveAsync(RelationKind kind, Guid owner, string idOrAddress, CancellationToken cancellationToken)
    {
        if (await people.FindAsync(idOrAddress, cancellationToken) is not { } other)
            return Refusal.NotFound();
        bool removed = await relations.RemoveAsync(kind, owner, other.Id, cancellationToken);
        // Also when it was gone already: the try that removed it may not have been told.
        if (kind == RelationKind.Block)
            await events.PublishAsync(new BlockChanged(owner, other.Id, IsBlocked: false), CancellationToken.None);
        return removed;
    }
}
