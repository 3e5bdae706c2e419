using System.Buffers.Text;
using System.Security.Cryptography;
using CoolChat.Contracts;

namespace CoolChat.UnitTests.Client;

/// <summary>Writes a well-formed log in memory, as the server would.</summary>
internal sealed class LogWriter
{
    private readonly List<ChatEvent> _events = [];
    private byte[] _last = HashChain.Genesis.ToArray();
    private DateTimeOffset _at = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _ordinal;

    public Guid ConversationId { get; } = Guid.CreateVersion7();

    public Guid Epoch { get; set; } = Guid.NewGuid();

    public IReadOnlyList<ChatEvent> Events => _events;

    public ChatEvent Append<T>(Guid sender, string type, T body, Guid? messageId = null)
    {
        Guid commandId = Guid.CreateVersion7();
        JsonBody canonical = JsonBody.From(body);
        byte[] salt = RandomNumberGenerator.GetBytes(HashChain.SaltLength);
        byte[] bodyHash = new byte[HashChain.HashLength];
        HashChain.HashBody(salt, canonical.Utf8.Span, bodyHash);
        _at = _at.AddSeconds(1);
        ChatEvent e = new()
        {
            ConversationId = ConversationId,
            Epoch = Epoch,
            Seq = _events.Count + 1,
            Type = type,
            At = _at,
            Sender = sender,
            CommandId = commandId,
            MessageId = type == EventTypes.MessageSent ? commandId : messageId,
            Ordinal = type == EventTypes.MessageSent ? ++_ordinal : null,
            PrevHash = Base64Url.EncodeToString(_last),
            BodyHash = Base64Url.EncodeToString(bodyHash),
            Salt = Base64Url.EncodeToString(salt),
            Body = canonical,
        };
        _last = HashChain.HashHeader(e);
        _events.Add(e);
        return e;
    }

    public ChatEvent Create(params Guid[] members) => Append(members[0], EventTypes.ConversationCreated, new ConversationCreatedBody
    {
        Kind = ConversationKinds.Group,
        Title = "A group",
        HistoryVisibility = HistoryVisibilities.Shared,
        Members = [.. members.Select((member, i) => new MemberEntry { UserId = member, Role = i == 0 ? Roles.Owner : Roles.Member })],
    });

    public ChatEvent Text(Guid sender, string text, Mentions? mentions = null, Guid? thread = null) => Append(sender, EventTypes.MessageSent, new MessageBody
    {
        Content = new Content { Type = ContentTypes.Text, Text = text },
        Mentions = mentions,
        Thread = thread,
    });

    /// <summary>Goes back to <paramref name="seq"/> under a new epoch, as a restore does.</summary>
    public void Restore(int seq)
    {
        _events.RemoveRange(seq, _events.Count - seq);
        _last = _events.Count == 0 ? HashChain.Genesis.ToArray() : HashChain.HashHeader(_events[^1]);
        _ordinal = _events.Count(e => e.Ordinal is not null);
        Epoch = Guid.NewGuid();
    }
}
