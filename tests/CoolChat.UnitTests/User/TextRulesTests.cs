using CoolChat.User.Profiles;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class TextRulesTests
{
    [Theory]
    [InlineData("  Mira  ", "Mira")]
    [InlineData("\u202Emira\u202C", "mira")]
    [InlineData("a\u200Bb\uFEFF", "ab")]
    [InlineData("\u05D3\u05D5\u05D3", "\u05D3\u05D5\u05D3")]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")]
    [InlineData("\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F468\u200D\U0001F469\u200D\U0001F467")]
    [InlineData("Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "Z\u0301\u0301\u0301\u0301")]
    public void Name_AnyScript_KeepsTheTextAndDropsWhatHides(string text, string clean) => Assert.Equal(clean, TextRules.Name("f", text, 40).Value);

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u001Bb")]
    [InlineData("a\u0085b")]
    [InlineData("a\uFFFE")]
    public void Name_ControlsAndNoncharacters_AreRefused(string text) => Assert.Equal("f", TextRules.Name("f", text, 40).Refusal?.Field);

    [Fact]
    public void Name_FortyGraphemes_IsTheBound()
    {
        string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
        Assert.True(TextRules.Name("f", string.Concat(Enumerable.Repeat(family, 40)), 40).Ok);
        Assert.False(TextRules.Name("f", string.Concat(Enumerable.Repeat(family, 41)), 40).Ok);
        Assert.False(TextRules.Name("f", "a" + new string('\u200D', 1_000_000), 40).Ok);
    }

    [Theory]
    [InlineData("\U0001F3D6\uFE0F", true)]
    [InlineData("1\uFE0F\u20E3", true)]
    [InlineData("\U0001F1E9\U0001F1EA", true)]
    [InlineData("", true)]
    [InlineData("a", false)]
    [InlineData("!", false)]
    [InlineData("\U0001F600\U0001F600", false)]
    public void Emoji_OneSymbol_IsAccepted(string text, bool accepted) => Assert.Equal(accepted, TextRules.Emoji("f", text).Ok);
}
