using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Conversations.Log;

/// <summary>Conversations, invites and outcomes as one person sees them, from the records. The same on every store.</summary>
internal static class ConversationFold
{
    /// <summary>Up to so many members a view lists them all.</summary>
    public const int MembersInView = 50;

    /// <summary>What everybody who may see it sees; <paramref name="member"/> is null for a listed channel's visitor.</summary>
    public static ConversationView Shown(Guid id, ConversationHead head, ConversationInfo info, MemberRecord? member) => new()
    {
        Id = id,
        Kind = info.Kind,
        Epoch = head.Epoch,
        Title = info.Title,
        Topic = info.Topic,
        Picture = info.Picture,
        MemberCount = info.MemberCount,
        FirstSeq = member?.FirstSeq ?? 1,
        LastSeq = head.Seq,
        LastOrdinal = head.Ordinal,
        ReadSeq = 0,
        Unread = 0,
        Mentions = 0,
        MembershipVersion = info.MembershipVersion,
        HistoryVisibility = info.HistoryVisibility,
        Listed = info.Listed ? true : null,
        ExpiresAfter = info.ExpiresAfter > 0 ? info.ExpiresAfter : null,
        SlowMode = info.SlowMode > 0 ? info.SlowMode : null,
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(head.AtMs),
    };

    /// <summary>Whether somebody with this place, or none, may see the conversation.</summary>
    public static bool MaySee(ConversationInfo info, MemberRecord? member) =>
        member is not null || info is { Kind: ConversationKinds.Channel, Listed: true };

    /// <summary>Whether the viewer learns how far somebody has read: not their own, and nothing of who has blocked them.</summary>
    public static bool TellsReceipts(Guid member, Guid viewer, IBlockList? blocks) => member != viewer && blocks?.IsBlocked(member, viewer) != true;

    /// <summary>What sync tells of a conversation that the viewer left.</summary>
    public static ConversationView Gone(Guid id, ConversationInfo info, DateTimeOffset now) => new()
    {
        Id = id,
        Kind = info.Kind,
        Epoch = Guid.Empty,
        MemberCount = 0,
        FirstSeq = 0,
        LastSeq = 0,
        LastOrdinal = 0,
        ReadSeq = 0,
        Unread = 0,
        Mentions = 0,
        MembershipVersion = 0,
        HistoryVisibility = info.HistoryVisibility,
        UpdatedAt = now,
        Removed = true,
    };

    /// <summary>Order of members: owner and admins first.</summary>
    public static byte Rank(string role) => role switch
    {
        Roles.Owner => 0,
        Roles.Admin => 1,
        _ => 2,
    };

    /// <summary>A page of members, after the one that an earlier page ended with (rank and user), who may have left or changed role since.</summary>
    public static Page<MemberEntry> PageOfMembers(IEnumerable<MemberEntry> members, (byte Rank, Guid User)? after, int limit)
    {
        List<MemberEntry> sorted = [.. members.OrderBy(member => Rank(member.Role)).ThenBy(member => member.UserId)];
        int skip = 0;
        if (after is { } last)
        {
            skip = sorted.FindIndex(member =>
                Rank(member.Role) > last.Rank || (Rank(member.Role) == last.Rank && member.UserId.CompareTo(last.User) > 0));
            skip = skip < 0 ? sorted.Count : skip;
        }
        List<MemberEntry> items = [.. sorted.Skip(skip).Take(limit)];
        bool more = skip + items.Count < sorted.Count;
        return new Page<MemberEntry>
        {
            Items = items,
            Next = more ? Cursor.Of([Rank(items[^1].Role), .. items[^1].UserId.ToByteArray(bigEndian: true)]) : null,
        };
    }

    public static InviteView Invite(Guid conversationId, Guid inviteId, InviteRecord record, ConversationInfo? info) => new()
    {
        InviteId = inviteId,
        Code = record.Code,
        ConversationId = conversationId,
        Kind = info?.Kind,
        Title = info?.Title,
        MemberCount = info?.MemberCount,
        CreatedBy = record.CreatedBy,
        ExpiresAt = record.ExpiresAt,
        MaxUses = record.MaxUses,
        Uses = record.Uses,
    };

    /// <summary>A page of what waits, soonest first, after <paramref name="skip"/> of them.</summary>
    public static Page<ScheduledView> PageOfScheduled(List<ScheduledRecord> waiting, int skip, int limit)
    {
        List<ScheduledView> items =
        [
            .. waiting.OrderBy(record => record.Command.ScheduledFor).Skip(skip).Take(limit).Select(record => new ScheduledView
            {
                CommandId = record.Command.CommandId,
                ConversationId = record.ConversationId,
                ScheduledFor = record.Command.ScheduledFor!.Value,
                Content = record.Command.Content!,
            }),
        ];
        int end = skip + items.Count;
        return new Page<ScheduledView>
        {
            Items = items,
            Next = end < waiting.Count ? end.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        };
    }

    /// <summary>What is remembered of a command that made an event: the event says everything.</summary>
    public static CommandRecord Appended(StoredEvent stored) => new()
    {
        Sender = stored.Header.Sender,
        Status = CommandResult.Appended,
        Seq = stored.Header.Seq,
        AtMs = stored.Header.AtUnixMilliseconds,
    };

    public static CommandResult Outcome(Guid commandId, CommandRecord record) => new()
    {
        Ok = record.Error is null,
        Status = record.Status,
        CommandId = commandId,
        Seq = record.Seq > 0 ? record.Seq : null,
        At = DateTimeOffset.FromUnixTimeMilliseconds(record.AtMs),
        Error = record.Error,
    };
}
