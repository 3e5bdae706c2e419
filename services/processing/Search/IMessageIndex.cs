namespace CoolChat.Processing.Search;

/// <summary>
/// The index that proposes messages, newest first. It may lag behind the log, and of a phrase of several tokens it may know only that all of them are
/// there: <see cref="MessageSearch"/> reads the log.
/// </summary>
internal interface IMessageIndex
{
    /// <summary>Messages that match, below <paramref name="below"/> (null = from the newest). May hold some of other conversations.</summary>
    ValueTask<IReadOnlyList<IndexedMessage>> FindAsync(ResolvedSearch search, UInt128? below, int limit, CancellationToken cancellationToken);

    /// <summary>A place as a page's <c>next</c>.</summary>
    string Write(UInt128 place);

    /// <summary>False when the text is no place of this index.</summary>
    bool TryRead(string text, out UInt128 place);
}

/// <summary>A message in the index.</summary>
/// <param name="Place">Unique; a later message's is higher.</param>
/// <param name="Conversation">Where it is.</param>
/// <param name="Message">Its id.</param>
/// <param name="Seq">Its seq.</param>
internal readonly record struct IndexedMessage(UInt128 Place, Guid Conversation, Guid Message, long Seq);
