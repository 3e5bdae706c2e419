using System.Buffers.Text;
using System.Security.Cryptography;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>Follows one conversation's log: knows the last event, checks the chain and folds.</summary>
internal sealed class Follower(ConversationView view, Guid viewer, long firstSeq)
{
    private byte[]? _lastHash = firstSeq == 1 ? HashChain.Genesis.ToArray() : null;

    public Guid Id => view.Id;

    public long FirstSeq => firstSeq;

    public Guid Epoch { get; private set; } = view.Epoch;

    public ConversationState State { get; } = Begin(view, viewer, firstSeq);

    public long LastSeq => State.LastSeq;

    /// <summary>Set when the chain broke: nothing more of this conversation is believed.</summary>
    public BrokenChainException? Broken { get; set; }

    /// <summary>Events up to this seq, and of other epochs than <see cref="RedeliveredEpoch"/>, have been delivered by an earlier follower.</summary>
    public long DeliveredSeq { get; init; }

    /// <summary>After a restore: the epoch whose events are new although their seq may not be.</summary>
    public Guid? RedeliveredEpoch { get; init; }

    /// <summary>Whether the last event about the viewer's membership ended it.</summary>
    public bool Left { get; set; }

    public static bool MakesMember(ChatEvent e, Guid user) => e.Type switch
    {
        EventTypes.MemberAdded => e.Body?.As<MembersAddedBody>().Members.Any(member => member.UserId == user) == true,
        EventTypes.ConversationCreated => true,
        _ => false,
    };

    public bool IsNew(ChatEvent e) => e.Seq > DeliveredSeq || e.Epoch == RedeliveredEpoch;

    /// <summary>Applies the next event, or says why it can't be the next.</summary>
    public string? TryApply(ChatEvent e)
    {
        if (_lastHash is not null && !CryptographicOperations.FixedTimeEquals(_lastHash, Decode(e.PrevHash)))
            return "prevHash is not the hash of the event before";
        if (!HashChain.BodyMatches(e))
            return "the body is not the one that bodyHash names";
        _lastHash = HashChain.HashHeader(e);
        Epoch = e.Epoch;
        State.Apply(e);
        if (MakesMember(e, viewer))
            Left = false;
        else if (e.Type == EventTypes.MemberRemoved && e.Body?.As<MemberRefBody>().UserId == viewer)
            Left = true;
        return null;
    }

    private static byte[] Decode(string hash)
    {
        try
        {
            return Base64Url.DecodeFromChars(hash);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static ConversationState Begin(ConversationView view, Guid viewer, long firstSeq)
    {
        ConversationState state = new(view.Id, viewer, firstSeq);
        state.Update(view);
        return state;
    }
}
