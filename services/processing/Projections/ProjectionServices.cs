using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Processing.Analysis;
using CoolChat.Processing.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Processing.Projections;

/// <summary>Registers what is folded from the log behind it. Needs an ILogFeed, an IConversationReader and an IUserDirectory.</summary>
internal static class ProjectionServices
{
    public static void AddProjections(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SearchDatabase(FileIn(provider, "search.db")));
        services.AddSingleton<SearchNames>();
        services.AddSingleton<IMessageSearch, MessageSearch>();
        services.AddProjection<SearchProjection>();
        services.AddSingleton(provider => new AnalysisDatabase(FileIn(provider, "analysis.db")));
        services.AddSingleton<IConversationAnalysis, ConversationAnalysis>();
        services.AddProjection<AnalysisProjection>();
    }

    /// <summary>One instance: the running follower is what a command rebuilds.</summary>
    private static void AddProjection<T>(this IServiceCollection services) where T : LogProjection
    {
        services.AddSingleton<T>();
        services.AddSingleton<IRebuildable>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<T>());
    }

    private static string FileIn(IServiceProvider provider, string name) =>
        Path.Combine(DataFolder.Of(provider.GetRequiredService<IConfiguration>()), name);
}
