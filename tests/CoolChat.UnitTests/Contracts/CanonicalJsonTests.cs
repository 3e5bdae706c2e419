using System.Text;
using System.Text.Json;
using CoolChat.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CoolChat.UnitTests.Contracts;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b": 1, "a": [true, null, "x"] }""", """{"a":[true,null,"x"],"b":1}""")]
    [InlineData("""{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}""", "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}")]
    [InlineData("""{"s":"\u20ac$\u000f\nA'B\"\\\\\"\/"}""", "{\"s\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}")]
    [InlineData("9007199254740991", "9007199254740991")]
    public void Canonicalize_ByRfc8785_GivesTheCanonicalBytes(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("[1,]")]
    [InlineData("")]
    public void Canonicalize_NotCanonicalizable_Throws(string json) =>
        Assert.ThrowsAny<Exception>(() => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Canonicalize_AnyStrings_ReadBackEqualAndTwiceIsOnce() => Prop.ForAll<string[]>(texts =>
    {
        string[] valid = [.. texts.Where(text => text is not null && IsWhole(text))];
        byte[] once = CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(valid));
        Assert.Equal(valid, JsonSerializer.Deserialize<string[]>(once));
        Assert.Equal(once, CanonicalJson.Canonicalize(once));
    }).QuickCheckThrowOnFailure();

    private static bool IsWhole(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                return false;
        }
        return true;
    }
}
