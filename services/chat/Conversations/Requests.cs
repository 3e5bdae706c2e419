using CoolChat.Chat.Messages;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Conversations;

/// <summary>Checks that all lists and addresses of the API share.</summary>
internal static class Requests
{
    private const int LongestNext = 1024;
    private const int DefaultPage = 50;
    private static readonly int MostPage = new Limits().PageSize;

    public static Refusal? CheckIds(Guid conversationId) => CommandValidation.CheckNotNil(conversationId, "id");

    public static Refusal? CheckIds(Guid conversationId, Guid second, string secondName) =>
        CheckIds(conversationId) ?? CommandValidation.CheckNotNil(second, secondName);

    /// <summary>limit and next of a list.</summary>
    public static Refusal? CheckPage(int? limit, string? next) =>
        limit is < 1 || limit > MostPage ? Refusal.Invalid("limit", $"From 1 to {MostPage}.")
        : next is { Length: 0 or > LongestNext } ? Refusal.Invalid("next", "It is not from an earlier answer.")
        : null;

    public static int Limit(int? limit) => limit ?? DefaultPage;
}
