using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>Grants as the log gave them: family <c>grants</c>.</summary>
internal sealed class RocksDbMediaGrants(RocksDbEngine engine, ConversationFamilies families) : IMediaGrants
{
    private const int MostShowings = 10_000;

    public ValueTask<bool> CanSeeAsync(Guid userId, Guid mediaId, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        bool granted = false;
        int seen = 0;
        byte[] prefix = Keys.Id(mediaId);
        Scan.Up(view, families.Grants, prefix, prefix, (key, _) =>
        {
            long seq = Keys.ReadNumber(key, 32);
            granted = view.Get(Keys.Pair(Keys.ReadId(key, 16), userId), families.Members) is { } member
                && (seq == 0 || seq >= Codec.Member(member).FirstSeq);
            return !granted && ++seen < MostShowings;
        });
        return new(granted);
    }

    public ValueTask<bool> IsShownAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        byte[] prefix = Keys.Id(mediaId);
        return new(Scan.Count(view, families.Grants, prefix, prefix, 1) > 0 || IsScheduled(view, mediaId));
    }

    /// <summary>Read through: few messages wait, and few objects have no grant.</summary>
    private bool IsScheduled(RocksDbView view, Guid mediaId)
    {
        bool found = false;
        Scan.Up(view, families.Scheduled, [], [], (_, value) =>
        {
            found = Codec.Json<ScheduledRecord>(value.ToArray())?.Command.Content?.Attachments?.Any(attachment => attachment.MediaId == mediaId) == true;
            return !found;
        });
        return found;
    }
}
