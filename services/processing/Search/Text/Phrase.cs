namespace CoolChat.Processing.Search.Text;

/// <summary>Neighbouring tokens to be found, the last of them possibly only the beginning of one.</summary>
internal sealed record Phrase(IReadOnlyList<string> Tokens, bool Prefix, bool LastIsSign)
{
    /// <summary>What <paramref name="text"/> asks for; null when there is nothing in it to be found.</summary>
    public static Phrase? Of(string text, bool prefix)
    {
        List<Token> tokens = Tokenizer.Tokenize(text);
        if (tokens.Count == 0)
            return null;
        bool sign = false;
        if (tokens[^1].Kind == TokenKind.Last)
        {
            // In the text the run may go on. The pairs before say it all; a sign alone is the beginning of a pair, or the last one.
            if (tokens.Count > 1 && tokens[^2].Kind == TokenKind.Pair)
                tokens.RemoveAt(tokens.Count - 1);
            else
                sign = true;
        }

        return new Phrase([.. tokens.Select(token => token.Text)], sign || (prefix && tokens[^1].Kind == TokenKind.Word), sign);
    }

    /// <summary>Where it stands in a text: start and end, UTF-16.</summary>
    public IEnumerable<(int Start, int End)> FindIn(IReadOnlyList<Token> text)
    {
        for (int at = 0; at + Tokens.Count <= text.Count; at++)
        {
            if (!IsAt(text, at))
                continue;
            Token last = text[at + Tokens.Count - 1];
            yield return (text[at].Start, LastIsSign ? last.Start + Tokens[^1].Length : last.Start + last.Length);
        }
    }

    private bool IsAt(IReadOnlyList<Token> text, int at)
    {
        for (int i = 0; i < Tokens.Count; i++)
        {
            bool begins = Prefix && i == Tokens.Count - 1;
            string there = text[at + i].Text;
            if (begins ? !there.StartsWith(Tokens[i], StringComparison.Ordinal) : !string.Equals(there, Tokens[i], StringComparison.Ordinal))
                return false;
        }

        return true;
    }
}
