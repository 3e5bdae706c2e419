using CoolChat.Contracts;
using CoolChat.Processing.Search;

namespace CoolChat.Processing.Analysis;

/// <summary>What is counted of a message.</summary>
internal static class MessageFacts
{
    public const string Name = "analysis";

    /// <summary>Raised whenever the same log would be counted otherwise: servers then rebuild by themselves.</summary>
    public const int Form = 1;

    /// <summary>'' = can't tell.</summary>
    public static string LanguageOf(MessageBody body) => LanguageGuess.Of(SearchText.Of(body.Content)) ?? "";

    /// <summary>Days since 1970.</summary>
    public static long DayOf(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 86_400_000;

    public static DateOnly ToDate(long day) => DateOnly.FromDateTime(DateTimeOffset.UnixEpoch.AddDays(day).UtcDateTime);
}
