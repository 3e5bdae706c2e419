namespace CoolChat.Processing.Search;

/// <summary>A word, a "phrase" or operator:value of a query, as typed.</summary>
internal readonly record struct QueryPart(string? Operator, string Value, bool Prefix)
{
    private const string Quotes = "\"\u201C\u201D\u201E\u00AB\u00BB";
    private static readonly string[] Operators = ["from", "in", "has", "before", "after", "mentions"];

    public static IEnumerable<QueryPart> Split(string text)
    {
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at == text.Length)
                yield break;
            string? name = OperatorAt(text, at);
            if (name is not null)
                at += name.Length + 1;
            string value = ReadValue(text, ref at, out bool quoted);
            bool prefix = !quoted && value.Length > 1 && value[^1] == '*';
            if (name is null || value.Length > 0)
                yield return new QueryPart(name, value, prefix);
        }
    }

    private static string? OperatorAt(string text, int at)
    {
        foreach (string name in Operators)
        {
            int colon = at + name.Length;
            // "in: " with nothing after it is a word and a sign, not an operator.
            if (colon + 1 < text.Length && text[colon] == ':' && !char.IsWhiteSpace(text[colon + 1])
                && text.AsSpan(at, name.Length).Equals(name, StringComparison.OrdinalIgnoreCase))
                return name;
        }

        return null;
    }

    /// <summary>Up to the closing quote, or the end when there is none; unquoted up to a blank.</summary>
    private static string ReadValue(string text, ref int at, out bool quoted)
    {
        quoted = Quotes.Contains(text[at], StringComparison.Ordinal);
        int start = quoted ? ++at : at;
        while (at < text.Length && (quoted ? !Quotes.Contains(text[at], StringComparison.Ordinal) : !char.IsWhiteSpace(text[at])))
            at++;
        string value = text[start..at];
        if (quoted && at < text.Length)
            at++;
        return value;
    }
}
