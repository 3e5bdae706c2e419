using System.Buffers.Text;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Conversations.Log;
using Xunit;

namespace CoolChat.UnitTests.Contracts;

/// <summary>The vectors of docs/protocol.md: clients in other languages check themselves against the same numbers.</summary>
public sealed class HashChainTests
{
    private static readonly EventHeader Header = new()
    {
        ConversationId = new Guid("018f3c5e-1111-7abc-8def-0123456789ab"),
        Epoch = new Guid("5d3d7a90-4a52-4e7f-9d0e-7f6a5b4c3d2e"),
        Seq = 300,
        Type = EventTypes.MessageSent,
        AtUnixMilliseconds = 1_795_510_000_123,
        Sender = new Guid("018f3c5e-2222-7abc-8def-0123456789ab"),
        DeviceId = null,
        CommandId = new Guid("018f3c5e-3333-7abc-8def-0123456789ab"),
        PrevHash = new byte[32],
        BodyHash = Enumerable.Repeat((byte)0xAB, 32).ToArray(),
    };

    [Fact]
    public void EncodeHeader_Vector_IsDeterministicCbor() => Assert.Equal(
        "A9"
        + "0150018F3C5E11117ABC8DEF0123456789AB"
        + "02505D3D7A904A524E7F9D0E7F6A5B4C3D2E"
        + "0319012C"
        + "046C6D6573736167652E73656E74"
        + "051B000001A20CBC59FB"
        + "0650018F3C5E22227ABC8DEF0123456789AB"
        + "0850018F3C5E33337ABC8DEF0123456789AB"
        + "095820" + new string('0', 64)
        + "0A5820" + string.Concat(Enumerable.Repeat("AB", 32)),
        Convert.ToHexString(HashChain.EncodeHeader(Header)));

    [Fact]
    public void DecodeHeader_OfEncoded_IsTheSame()
    {
        foreach (EventHeader header in new[] { Header, Header with { DeviceId = Guid.CreateVersion7() }, Header with { Seq = 1, Type = "x" } })
        {
            EventHeader decoded = HashChain.DecodeHeader(HashChain.EncodeHeader(header));
            Assert.Equal(HashChain.EncodeHeader(header), HashChain.EncodeHeader(decoded));
            Assert.Equal((header.Seq, header.Type, header.DeviceId, header.Sender), (decoded.Seq, decoded.Type, decoded.DeviceId, decoded.Sender));
        }
    }

    [Fact]
    public void HashBody_Vector_IsSha256OfSaltAndBody()
    {
        byte[] hash = new byte[32];
        HashChain.HashBody(Encoding.ASCII.GetBytes("0123456789abcdef"), "{\"a\":1}"u8, hash);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData("0123456789abcdef{\"a\":1}"u8), hash);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StoredEvent_EncodeDecode_KeepsEverythingAndErasingKeepsTheHeader(bool aboutAnother)
    {
        Guid? about = aboutAnother ? Guid.CreateVersion7() : null;
        EventHeader header = aboutAnother ? Header with { Type = EventTypes.ReactionAdded } : Header;
        StoredEvent stored = new()
        {
            Header = header,
            HeaderBytes = HashChain.EncodeHeader(header),
            Ordinal = aboutAnother ? null : 7,
            MessageId = about ?? header.CommandId,
            Salt = new byte[16],
            Body = "{}"u8.ToArray(),
        };
        byte[] record = stored.Encode();

        ChatEvent wire = StoredEvent.Decode(record).ToWire();
        ChatEvent erased = StoredEvent.Decode(StoredEvent.Decode(record).Erase().Encode()).ToWire();

        Assert.Equal((!aboutAnother, about ?? header.CommandId, "{}"), (StoredEvent.IsMessage(record), wire.MessageId, wire.Body!.ToString()));
        Assert.Equal((wire.Ordinal, wire.BodyHash, wire.MessageId), (erased.Ordinal, erased.BodyHash, erased.MessageId));
        Assert.Equal((null, null, true), (erased.Body, erased.Salt, erased.Redacted));
        Assert.Equal(HashChain.HashHeader(wire), HashChain.HashHeader(erased));
        Assert.Equal(32, Base64Url.DecodeFromChars(wire.PrevHash).Length);
        if (!aboutAnother)
            Assert.Equal(7, StoredEvent.ReadOrdinal(record));
    }
}
