using System.Globalization;

namespace CoolChat.Processing.Analysis;

/// <summary>A link's place: seq of its message and which of its links.</summary>
internal readonly record struct LinkPlace(long Seq, long Position)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq}.{Position}");

    public static LinkPlace? Parse(string? text)
    {
        if (text is null)
            return new LinkPlace(long.MaxValue, 0);
        string[] parts = text.Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seq)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long position)
                ? new LinkPlace(seq, position)
                : null;
    }
}
