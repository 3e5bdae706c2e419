using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using CoolChat.Processing.Search;
using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Analysis;

/// <summary>
/// A cheap guess of a message's language, good enough to count by: the script tells most of them; languages that share one are told apart
/// by their own letters and their commonest words. No model, no memory to speak of; says nothing rather than something wrong.
/// </summary>
internal static class LanguageGuess
{
    private const int MaxLength = 2000;
    private const int LetterPoints = 2;
    private const int NeededPoints = 2;

    private static readonly (string Language, SearchValues<char> Letters)[] LatinLetters =
    [
        ("de", SearchValues.Create("ß")), ("es", SearchValues.Create("ñ¿¡")), ("pt", SearchValues.Create("ãõ")),
        ("pl", SearchValues.Create("łąęśżź")), ("tr", SearchValues.Create("ğış")), ("sv", SearchValues.Create("å")),
        ("cs", SearchValues.Create("řěů")), ("fr", SearchValues.Create("œ")), ("hu", SearchValues.Create("őű")),
        ("vi", SearchValues.Create("ơưđạảấầậếềệịọốồộớờợụứừựỳỷỹ")), ("ro", SearchValues.Create("țăș")),
    ];

    private static readonly SearchValues<char> SerbianLetters = SearchValues.Create("ђћџљњј");
    private static readonly SearchValues<char> UkrainianLetters = SearchValues.Create("іїєґ");
    private static readonly SearchValues<char> RussianLetters = SearchValues.Create("ыэё");
    private static readonly SearchValues<char> UrduLetters = SearchValues.Create("ٹڈڑںے");
    private static readonly SearchValues<char> PersianLetters = SearchValues.Create("پچژگ");

    /// <summary>Commonest words, folded as the tokenizer folds.</summary>
    private static readonly FrozenDictionary<string, string[]> CommonWords = Index(
        ("en", "the and is are was you that this it with for have not be on what they we can will from your but of to in i my"),
        ("de", "der die das und ist nicht ich du wir sie ein eine mit auf fur den dem von zu es auch wie aber wenn noch schon hat haben"),
        ("fr", "le la les et est pas je tu nous vous un une des que qui pour dans avec sur ce il elle mais du c au ne bien"),
        ("es", "el la los las y es no que en un una por con para como pero muy esta yo mi te lo se del al mas"),
        ("pt", "o os as e nao que em um uma por com para como mas muito esta eu meu voce se do da no na mais isso"),
        ("it", "il la gli le e non che di un una per con sono ma come questo anche ho ha mi si del della piu cosa"),
        ("nl", "de het een en is niet ik je wij zij van op met voor dat die dit maar ook nog naar aan er wat hebben"),
        ("sv", "och att det som en ar inte jag du vi pa med for den till av har om men kan ett sa"),
        ("pl", "i w nie to jest na sie z do ze jak ale co tak ja ty my dla czy mam juz tylko"),
        ("tr", "ve bir bu da de icin ne ben sen cok ama mi var yok gibi daha olarak ile"),
        ("cs", "a je to se na ze v ne jsem ale jak tak co ja ty pro s ma uz jen"),
        ("id", "yang dan di itu ini tidak ada saya kamu dengan untuk dari ke akan bisa sudah apa"));

    /// <summary>ISO 639-1, or null when the text is too short or too mixed to tell.</summary>
    public static string? Of(string text)
    {
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        foreach (string link in SearchText.LinksOf(text))
            text = text.Replace(link, " ", StringComparison.Ordinal);
        return MainScript(text) switch
        {
            Script.None => null,
            Script.Latin => GuessLatin(text),
            Script.Cyrillic => GuessCyrillic(text),
            Script.Arabic => GuessArabic(text),
            Script.Han => text.AsSpan().ContainsAnyInRange('\u3041', '\u30FF') ? "ja" : "zh",
            Script.Kana => "ja",
            Script.Hangul => "ko",
            Script.Greek => "el",
            Script.Hebrew => "he",
            Script.Devanagari => "hi",
            Script.Bengali => "bn",
            Script.Tamil => "ta",
            Script.Telugu => "te",
            Script.Thai => "th",
            Script.Lao => "lo",
            Script.Myanmar => "my",
            Script.Georgian => "ka",
            Script.Ethiopic => "am",
            Script.Khmer => "km",
            Script.Armenian => "hy",
            _ => null,
        };
    }

    private static string? GuessLatin(string text)
    {
        Dictionary<string, int> points = [];
        string lower = text.ToLowerInvariant();
        foreach ((string language, SearchValues<char> letters) in LatinLetters)
        {
            if (lower.AsSpan().ContainsAny(letters))
                Add(language, LetterPoints);
        }

        foreach (Token token in Tokenizer.Tokenize(text))
        {
            foreach (string language in CommonWords.GetValueOrDefault(token.Text, []))
                Add(language, 1);
        }

        KeyValuePair<string, int>[] ranked = [.. points.OrderByDescending(entry => entry.Value).Take(2)];
        bool clear = ranked.Length > 0 && ranked[0].Value >= NeededPoints && (ranked.Length == 1 || ranked[0].Value > ranked[1].Value);
        return clear ? ranked[0].Key : null;

        void Add(string language, int more) => points[language] = points.GetValueOrDefault(language) + more;
    }

    private static string GuessCyrillic(string text)
    {
        string lower = text.ToLowerInvariant();
        if (lower.AsSpan().ContainsAny(SerbianLetters))
            return "sr";
        if (lower.AsSpan().ContainsAny(UkrainianLetters))
            return "uk";
        return lower.Contains('ъ', StringComparison.Ordinal) && !lower.AsSpan().ContainsAny(RussianLetters) ? "bg" : "ru";
    }

    private static string GuessArabic(string text)
    {
        if (text.AsSpan().ContainsAny(UrduLetters))
            return "ur";
        return text.AsSpan().ContainsAny(PersianLetters) ? "fa" : "ar";
    }

    private static Script MainScript(string text)
    {
        Dictionary<Script, int> letters = [];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                Script script = ScriptOf(rune.Value);
                letters[script] = letters.GetValueOrDefault(script) + 1;
            }
        }

        letters.Remove(Script.None);
        return letters.Count == 0 ? Script.None : letters.MaxBy(entry => entry.Value).Key;
    }

    private static Script ScriptOf(int rune) => rune switch
    {
        < 0x0250 or (>= 0x1E00 and <= 0x1EFF) => Script.Latin,
        (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF) => Script.Greek,
        >= 0x0400 and <= 0x052F => Script.Cyrillic,
        >= 0x0530 and <= 0x058F => Script.Armenian,
        >= 0x0590 and <= 0x05FF => Script.Hebrew,
        (>= 0x0600 and <= 0x06FF) or (>= 0x0750 and <= 0x077F) or (>= 0xFB50 and <= 0xFEFF) => Script.Arabic,
        >= 0x0900 and <= 0x097F => Script.Devanagari,
        >= 0x0980 and <= 0x09FF => Script.Bengali,
        >= 0x0B80 and <= 0x0BFF => Script.Tamil,
        >= 0x0C00 and <= 0x0C7F => Script.Telugu,
        >= 0x0E00 and <= 0x0E7F => Script.Thai,
        >= 0x0E80 and <= 0x0EFF => Script.Lao,
        >= 0x1000 and <= 0x109F => Script.Myanmar,
        >= 0x10A0 and <= 0x10FF => Script.Georgian,
        >= 0x1200 and <= 0x139F => Script.Ethiopic,
        >= 0x1780 and <= 0x17FF => Script.Khmer,
        >= 0x3041 and <= 0x30FF => Script.Kana,
        (>= 0x1100 and <= 0x11FF) or (>= 0xAC00 and <= 0xD7FF) => Script.Hangul,
        (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF) => Script.Han,
        _ => Script.None,
    };

    private static FrozenDictionary<string, string[]> Index(params (string Language, string Words)[] lists) => lists
        .SelectMany(list => list.Words.Split(' ').Select(word => (Word: word, list.Language)))
        .GroupBy(entry => entry.Word, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Select(entry => entry.Language).ToArray(), StringComparer.Ordinal);

    private enum Script
    {
        None, Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Devanagari, Bengali, Tamil, Telugu, Thai, Lao, Myanmar, Georgian, Ethiopic, Khmer,
        Kana, Hangul, Han,
    }
}
