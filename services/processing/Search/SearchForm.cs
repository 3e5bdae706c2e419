namespace CoolChat.Processing.Search;

/// <summary>What the index is made of: tokens (docs/decisions/search-tokens.md) and filters (<see cref="ScopeTerms"/>).</summary>
internal static class SearchForm
{
    public const string Name = "search";

    /// <summary>Raised whenever the same log would be indexed otherwise: servers then rebuild by themselves.</summary>
    public const int Version = 1;
}
