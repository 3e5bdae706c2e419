using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Adapters.Mongo.Projections;
using CoolChat.Processing.Adapters.Sqlite;
using CoolChat.Processing.Analysis;
using CoolChat.Processing.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Processing.Projections;

/// <summary>Registers what is folded from the log behind it. Needs an ILogFeed, an IConversationReader and, to search, an IUserDirectory.</summary>
internal static class ProjectionServices
{
    /// <summary>In SQLite files beside the log.</summary>
    public static void AddSqliteProjections(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SearchDatabase(FileIn(provider, "search.db")));
        services.AddSingleton<IMessageIndex, SqliteMessageIndex>();
        services.AddProjection<SqliteSearchProjection>();
        services.AddSingleton(provider => new AnalysisDatabase(FileIn(provider, "analysis.db")));
        services.AddSingleton<IConversationCounts, SqliteConversationCounts>();
        services.AddProjection<SqliteAnalysisProjection>();
        services.AddQueries();
    }

    /// <summary>In the MongoDB of the log.</summary>
    public static void AddMongoProjections(this IServiceCollection services)
    {
        services.AddSingleton<ProjectionCollections>();
        services.AddSingleton<MongoProjectionParts>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MongoMigration<ProjectionCollections>>());
        services.AddSingleton<IMessageIndex, MongoMessageIndex>();
        services.AddProjection<MongoSearchProjection>();
        services.AddSingleton<IConversationCounts, MongoConversationCounts>();
        services.AddProjection<MongoAnalysisProjection>();
        services.AddQueries();
    }

    private static void AddQueries(this IServiceCollection services)
    {
        services.AddSingleton<SearchNames>();
        services.AddSingleton<IMessageSearch, MessageSearch>();
        services.AddSingleton<IConversationAnalysis, ConversationAnalysis>();
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
