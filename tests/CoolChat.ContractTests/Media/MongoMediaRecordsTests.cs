using CoolChat.Engines.Mongo;
using CoolChat.Media;
using CoolChat.Media.Adapters.Mongo;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace CoolChat.ContractTests.Media;

public sealed class MongoMediaRecordsTests(MongoDatabases databases) : MediaRecordsContract, IClassFixture<MongoDatabases>, IAsyncLifetime
{
    private readonly List<MongoEngine> _engines = [];
    private IConfiguration? _configuration;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string address = await databases.ConnectionStringAsync(Guid.NewGuid().ToString("N"));
        _configuration = new ConfigurationBuilder().AddInMemoryCollection([new(MongoEngine.ConnectionStringKey, address)]).Build();
        New().Migrate();
    }

    public ValueTask DisposeAsync()
    {
        _engines.ForEach(static engine => engine.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AddressSecret_AskedByManyAtOnce_IsOne()
    {
        byte[][] secrets = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(() => New().AddressSecret([(byte)i]), Token)));
        Assert.Single(secrets.Select(secret => secret[0]).Distinct());
        Assert.Equal(secrets[0], New().AddressSecret([99]));
    }

    private protected override IMediaRecords Open() => New();

    private protected override IMediaRecords Restart()
    {
        _engines.ForEach(static engine => engine.Dispose());
        _engines.Clear();
        MongoMediaRecords records = New();
        records.Migrate();
        return records;
    }

    private MongoMediaRecords New()
    {
        MongoEngine engine = MongoEngine.Open(_configuration!);
        lock (_engines)
            _engines.Add(engine);
        return new MongoMediaRecords(engine);
    }
}
