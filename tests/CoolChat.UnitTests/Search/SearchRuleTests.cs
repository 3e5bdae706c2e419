using CoolChat.Contracts.Internal;
using CoolChat.Processing.Analysis;
using CoolChat.Processing.Search;
using CoolChat.Processing.Search.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CoolChat.UnitTests.Search;

public sealed class SearchRuleTests
{
    [Theory]
    [InlineData("Hello, World", "hello world")]
    [InlineData("北京", "北京 京")]
    [InlineData("京", "京")]
    [InlineData("a北京b", "a 北京 京 b")]
    [InlineData("e\u0301te\u0301", "ete")]
    [InlineData("snake_case kebab-case", "snake case kebab case")]
    [InlineData("x\uD800y", "x y")]
    [InlineData("می\u200cخواهم", "میخواهم")]
    [InlineData("", "")]
    public void Tokenize_Text_IsCutAndFolded(string text, string tokens) =>
        Assert.Equal(Fold(tokens), string.Join(' ', Tokenizer.Tokenize(text).Select(token => token.Text)));

    [Fact]
    public void Tokenize_AnyText_StaysWithinItAndHoldsNoSyntax() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        text =>
        {
            foreach (Token token in Tokenizer.Tokenize(text ?? ""))
            {
                Assert.InRange(token.Start, 0, text!.Length - 1);
                Assert.InRange(token.Start + token.Length, token.Start + 1, text.Length);
                Assert.InRange(token.Text.Length, 1, 2 * Tokenizer.MaxTokenLength);
                Assert.DoesNotContain(token.Text, letter => letter is '"' or '*' or '(' or ')' or ' ' or '\0');
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyText_IsAQueryOrARefusal_AndItsSnippetFits() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        text =>
        {
            Result<SearchQuery> query = SearchQuery.Parse(text ?? "");
            if (!query.Ok)
            {
                Assert.Equal("q", query.Refusal.Field);
                return;
            }

            if (Snippet.Of(text!, query.Value.Phrases) is not { } snippet)
                return;
            foreach (int[] pair in snippet.Highlights.Chunk(2))
                Assert.InRange(pair[0] + pair[1], pair[0] + 1, snippet.Text.Length);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("word \"a phrase\" pre*", "word|a phrase|pre*")]
    [InlineData("“curly quotes” «angles»", "curly quotes|angles")]
    [InlineData("http://x from:", "http x|from")]
    [InlineData("\"no end", "no end")]
    public void Parse_Words_BecomePhrases(string text, string phrases) => Assert.Equal(
        phrases.Split('|'),
        SearchQuery.Parse(text).Value!.Phrases.Select(phrase => string.Join(' ', phrase.Tokens) + (phrase.Prefix ? "*" : "")));

    [Theory]
    [InlineData("(see https://a.example/x_(y)).", "https://a.example/x_(y)")]
    [InlineData("<https://a.example> HTTPS://B.example", "https://a.example|HTTPS://B.example")]
    [InlineData("javascript:alert(1) https:// ftp://x http://", "")]
    [InlineData("看https://例え.jp/パス。", "https://例え.jp/パス")]
    public void LinksOf_Text_AreAddresses(string text, string links) =>
        Assert.Equal(links, string.Join('|', SearchText.LinksOf(text)));

    [Theory]
    [InlineData("What do you think of this?", "en")]
    [InlineData("Ich weiß es noch nicht", "de")]
    [InlineData("Je ne sais pas où il est", "fr")]
    [InlineData("¿Qué es esto para ti?", "es")]
    [InlineData("Não sei o que é isso", "pt")]
    [InlineData("Non so che cosa è questo", "it")]
    [InlineData("Ik weet het niet en dat is jammer", "nl")]
    [InlineData("Это очень хорошо", "ru")]
    [InlineData("Це дуже добре, і її теж", "uk")]
    [InlineData("これは何ですか", "ja")]
    [InlineData("这是什么", "zh")]
    [InlineData("이것은 무엇입니까", "ko")]
    [InlineData("ما هذا الشيء", "ar")]
    [InlineData("این چیست و چرا", "fa")]
    [InlineData("นี่คืออะไร", "th")]
    [InlineData("Τι είναι αυτό", "el")]
    [InlineData("ok", null)]
    [InlineData("👍👍👍 123", null)]
    [InlineData("https://the.and.is/are/was", null)]
    [InlineData("", null)]
    public void Of_Text_IsGuessedOrLeftOpen(string text, string? language) => Assert.Equal(language, LanguageGuess.Of(text));

    private static string Fold(string text) => text.Replace('ی', 'ي');
}
