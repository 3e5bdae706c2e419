using CoolChat.Contracts;

namespace CoolChat.Processing.Search;

/// <summary>
/// What filters a message besides its text, as terms beside its tokens: one look-up answers words and filters together.
/// </summary>
internal static class ScopeTerms
{
    public const string Everyone = "everyone";

    /// <summary>Values of the operator has:.</summary>
    public static readonly IReadOnlyList<string> Things = ["link", "image", "video", "audio", "file", "poll"];

    public static string Conversation(Guid id) => $"c{id:N}";

    public static string Sender(Guid id) => $"s{id:N}";

    public static string Mention(Guid id) => $"m{id:N}";

    public static string Has(string thing) => $"has{thing}";

    /// <summary>All but the conversation's.</summary>
    public static IReadOnlyCollection<string> Of(Guid sender, MessageBody body)
    {
        HashSet<string> terms = [Sender(sender)];
        foreach (Guid user in body.Mentions?.Users ?? [])
            terms.Add(Mention(user));
        if (body.Mentions?.Everyone == true)
            terms.Add(Everyone);
        if (SearchText.LinksOf(body.Content.Text).Count > 0)
            terms.Add(Has("link"));
        if (body.Content.Poll is not null)
            terms.Add(Has("poll"));
        foreach (Attachment attachment in body.Content.Attachments ?? [])
            terms.Add(Has(KindOf(body.Content.Type, attachment)));
        return terms;
    }

    private static string KindOf(string contentType, Attachment attachment) => contentType switch
    {
        ContentTypes.Image or ContentTypes.Video or ContentTypes.Audio => contentType,
        ContentTypes.Voice => "audio",
        _ => attachment.ContentType?.Split('/')[0] is "image" or "video" or "audio" ? attachment.ContentType.Split('/')[0] : "file",
    };
}
