using System.Text.Json;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Contracts;

/// <summary>tests/vectors/hash-chain.json, which also holds the web client: one log, the same bytes in every language.</summary>
public sealed class HashChainVectorTests
{
    private static readonly JsonElement[] Entries = Read();

    [Fact]
    public void HashHeader_OfEachVector_IsTheKnownHashAndTheNextPrevHash()
    {
        string prevHash = System.Buffers.Text.Base64Url.EncodeToString(HashChain.Genesis);
        foreach (JsonElement entry in Entries)
        {
            ChatEvent chatEvent = entry.GetProperty("event").Deserialize<ChatEvent>(CoolChatJson.Options)!;
            Assert.Equal(prevHash, chatEvent.PrevHash);
            prevHash = System.Buffers.Text.Base64Url.EncodeToString(HashChain.HashHeader(chatEvent));
            Assert.Equal(entry.GetProperty("headerHash").GetString(), prevHash);
        }
    }

    [Fact]
    public void BodyMatches_EachVector_AndItsCanonicalForm()
    {
        foreach (JsonElement entry in Entries)
        {
            ChatEvent chatEvent = entry.GetProperty("event").Deserialize<ChatEvent>(CoolChatJson.Options)!;
            Assert.Equal(entry.GetProperty("canonicalBody").GetString(), chatEvent.Body!.ToString());
            Assert.True(HashChain.BodyMatches(chatEvent));
        }
    }

    private static JsonElement[] Read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "hash-chain.json")));
        return [.. document.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.Clone())];
    }
}
