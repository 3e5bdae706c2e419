using System.Text.RegularExpressions;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Profiles;

/// <summary>Changes one's own profile: validates every field first, then changes all that were given at once.</summary>
internal sealed partial class ChangeProfile(IAccountStore accounts, IIntegrationEvents events, TimeProvider time, IMediaCatalog? media = null)
{
    private static readonly UserLimits Limits = new();

    public async Task<Result<Account>> ExecuteAsync(Guid userId, ProfileChanges changes, CancellationToken cancellationToken)
    {
        Draft draft = new();
        string? name = draft.Text(changes.DisplayName, text => TextRules.Name("displayName", text, Limits.DisplayNameGraphemes));
        string? bio = draft.Text(changes.Bio, text => TextRules.Paragraphs("bio", text, Limits.BioGraphemes));
        string? status = draft.Text(changes.Status?.Text, text => TextRules.Name("status.text", text, Limits.StatusGraphemes));
        string? emoji = draft.Text(changes.Status?.Emoji, text => TextRules.Emoji("status.emoji", text));
        string? language = draft.Text(changes.Language, Language);
        string? zone = draft.Text(changes.TimeZone, Zone);
        if (changes.Status?.Until is { } until && until <= time.GetUtcNow())
            draft.Refuse(Refusal.Invalid("status.until", "It has passed."));
        if (draft.Refusal is not null)
            return draft.Refusal;
        Result<Guid?> avatar = await AvatarAsync(userId, changes.Avatar, cancellationToken);
        if (!avatar.Ok && avatar.Refusal is not null)
            return avatar.Refusal;
        Account? changed = await accounts.ChangeProfileAsync(userId, profile => profile with
        {
            DisplayName = Next(profile.DisplayName, name),
            Bio = Next(profile.Bio, bio),
            StatusText = changes.Status is null ? profile.StatusText : Next(null, status),
            StatusEmoji = changes.Status is null ? profile.StatusEmoji : Next(null, emoji),
            StatusUntil = changes.Status is null ? profile.StatusUntil : changes.Status.Until,
            Language = Next(profile.Language, language),
            TimeZone = Next(profile.TimeZone, zone),
            Avatar = changes.Avatar is null ? profile.Avatar : avatar.Value,
        }, cancellationToken);
        if (changed is null)
            return Refusal.NotFound();
        await events.PublishAsync(new ProfileChanged(userId), CancellationToken.None);
        return changed;
    }

    /// <summary>Absent stays, empty clears.</summary>
    private static string? Next(string? now, string? change) => change is null ? now : change.Length == 0 ? null : change;

    private async Task<Result<Guid?>> AvatarAsync(Guid userId, string? avatar, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(avatar))
            return (Guid?)null;
        Refusal refusal = Refusal.Invalid("avatar", "It must be the mediaId of a picture that you have uploaded.");
        if (media is null || !Guid.TryParseExact(avatar, "D", out Guid id))
            return refusal;
        MediaInfo? found = await media.FindAsync(id, cancellationToken);
        bool usable = found is { Encrypted: false } && found.Owner == userId && found.ContentType.StartsWith("image/", StringComparison.Ordinal);
        return usable ? id : refusal;
    }

    private static Result<string> Language(string text) =>
        text.Length == 0 || (text.Length <= 35 && LanguageTag().IsMatch(text)) ? text : Refusal.Invalid("language", "It must be a BCP 47 tag like en or pt-BR.");

    /// <summary>By form only: browsers may know newer zones than the server.</summary>
    private static Result<string> Zone(string text) =>
        text.Length == 0 || (text.Length <= 64 && ZoneName().IsMatch(text)) ? text : Refusal.Invalid("timeZone", "It must be an IANA time zone like Europe/Berlin.");

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageTag();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();

    /// <summary>Collects cleaned texts and the first refusal.</summary>
    private sealed class Draft
    {
        public Refusal? Refusal { get; private set; }

        public void Refuse(Refusal refusal) => Refusal ??= refusal;

        public string? Text(string? given, Func<string, Result<string>> rule)
        {
            if (given is null)
                return null;
            Result<string> result = rule(given);
            if (!result.Ok)
                Refuse(result.Refusal);
            return result.Value;
        }
    }
}
