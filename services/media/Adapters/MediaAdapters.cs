using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Engines.Mongo;
using CoolChat.Engines.Sqlite;
using CoolChat.Media.Adapters.Disk;
using CoolChat.Media.Adapters.Mongo;
using CoolChat.Media.Adapters.S3;
using CoolChat.Media.Adapters.Sqlite;
using CoolChat.Media.Signing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoolChat.Media.Adapters;

/// <summary>
/// Chooses where media are kept: in the data folder, <c>media.db</c> for the records, <c>media.key</c> for the secret that addresses are
/// signed with, or both in MongoDB in a cluster; the bytes in <c>media/</c> there or in a bucket, as <c>Media:Store</c> says.
/// </summary>
internal static class MediaAdapters
{
    public static void AddMediaAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMediaStore(configuration);
        if (Shape.IsCluster(configuration))
        {
            services.AddMongoRecords();
            return;
        }
        services.AddSingleton(provider => new MediaDatabase(Path.Combine(Folder(provider), "media.db")));
        services.AddSingleton<IBackupPart, MediaBackup>();
        services.AddSingleton<IMediaRecords>(provider => new SqliteMediaRecords(provider.GetRequiredService<MediaDatabase>().Sql));
        services.AddSingleton(provider => SigningKey.LoadOrCreate(Path.Combine(Folder(provider), "media.key")));
    }

    /// <summary>Every instance signs with the same secret, so that each serves the addresses that another gave out.</summary>
    private static void AddMongoRecords(this IServiceCollection services)
    {
        services.AddMongo();
        services.AddSingleton<MongoMediaRecords>();
        services.AddSingleton<IMediaRecords>(provider => provider.GetRequiredService<MongoMediaRecords>());
        services.AddSingleton(provider => SigningKey.Of(provider.GetRequiredService<MongoMediaRecords>().AddressSecret));
        services.AddHostedService<MongoMigration<MongoMediaRecords>>();
    }

    private static void AddMediaStore(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<MediaOptions>, MediaStoreChoice>();
        if (MediaStoreChoice.Of(configuration) != MediaStoreChoice.S3)
        {
            services.AddSingleton<IMediaStore>(provider => new DiskMediaStore(Path.Combine(Folder(provider), "media")));
            return;
        }

        services.AddSingleton<IValidateOptions<S3MediaOptions>, S3MediaOptionsValidator>();
        services.AddSingleton<IConfigureOptions<S3MediaOptions>, S3ConnectionString>();
        services.AddOptions<S3MediaOptions>().BindConfiguration(S3MediaOptions.Section).ValidateOnStart();
        services.AddSingleton<S3Bucket>();
        services.AddSingleton<IMediaStore, S3MediaStore>();
        services.AddHostedService<S3Start>();
    }

    private static string Folder(IServiceProvider provider)
    {
        string folder = DataFolder.Of(provider.GetRequiredService<IConfiguration>());
        PrivateFolder.Create(folder);
        return folder;
    }
}

/// <summary>The open file media.db; a type of its own, because each module has a database.</summary>
internal sealed class MediaDatabase(string path) : IDisposable
{
    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, SqliteMediaRecords.Migrations);

    public void Dispose() => Sql.Dispose();
}
