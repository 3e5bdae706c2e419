using System.Text;
using CoolChat.Chat.PersonalData;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Conversations;
using CoolChat.ContractTests.User;
using CoolChat.Engines.Sqlite;
using CoolChat.Media;
using CoolChat.Media.Adapters.Disk;
using CoolChat.Media.Adapters.Sqlite;
using CoolChat.Media.Objects;
using CoolChat.Media.PersonalData;
using CoolChat.Media.Uploads;
using CoolChat.Processing;
using Xunit;

namespace CoolChat.ContractTests.PersonalData;

/// <summary>The user service's part.</summary>
public sealed class UserPersonalDataTests : PersonalDataContract
{
    protected override async Task<IPersonalDataBackend> OpenAsync() => new Backend(await InProcessUserPorts.StartAsync());

    private sealed class Backend(InProcessUserPorts ports) : IPersonalDataBackend
    {
        public IPersonalData Data => ports.Get<IPersonalData>();

        public async Task<Guid> PersonWithAsync(string marker)
        {
            SignedIn person = await ports.SignInAsync();
            await ports.RenameAsync(person.UserId, marker);
            await ports.NoteContactAsync(person.UserId, (await ports.SignInAsync()).UserId, true);
            return person.UserId;
        }

        public ValueTask DisposeAsync() => ports.DisposeAsync();
    }
}

/// <summary>The chat service's part, on the log in RocksDB.</summary>
public sealed class ChatPersonalDataContractTests : PersonalDataContract
{
    protected override async Task<IPersonalDataBackend> OpenAsync()
    {
        string folder = Directory.CreateTempSubdirectory("coolchat-personal-").FullName;
        return new Backend(folder, await ConversationHost.StartAsync(
            new Neighbours(), builder => builder.AddProcessing(), new KeyValuePair<string, string?>("CoolChat:Data", folder)));
    }

    private sealed class Backend(string folder, ConversationHost host) : IPersonalDataBackend
    {
        public IPersonalData Data { get; } = new ChatPersonalData(host.Reader, host.Writer);

        public async Task<Guid> PersonWithAsync(string marker)
        {
            Guid person = Guid.CreateVersion7(), other = Guid.CreateVersion7(), id = ConversationIds.Direct(person, other);
            CancellationToken token = TestContext.Current.CancellationToken;
            Assert.True((await host.Writer.ExecuteAsync(
                new CreateConversation { ConversationId = id, Actor = person, CommandId = Guid.CreateVersion7(), Kind = ConversationKinds.Direct, Members = [other] }, token)).Ok);
            foreach ((Guid actor, string text) in new[] { (person, marker), (other, "of the other one") })
            {
                Command command = new()
                {
                    CommandId = Guid.CreateVersion7(),
                    ConversationId = id,
                    Type = CommandTypes.MessageSend,
                    Content = new Content { Type = ContentTypes.Text, Text = text },
                };
                Assert.True((await host.Writer.ExecuteAsync(new LogCommand { ConversationId = id, Actor = actor, Command = command, Members = [] }, token)).Ok);
            }
            return person;
        }

        public async ValueTask DisposeAsync()
        {
            await host.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>The media service's part, on SQLite and a folder.</summary>
public sealed class MediaPersonalDataContractTests : PersonalDataContract
{
    protected override Task<IPersonalDataBackend> OpenAsync() => Task.FromResult<IPersonalDataBackend>(new Backend());

    private sealed class Backend : IPersonalDataBackend, IMediaGrants
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-personal-").FullName;
        private readonly SqliteDatabase _database;
        private readonly SqliteMediaRecords _records;
        private readonly DiskMediaStore _store;

        public Backend()
        {
            _database = SqliteDatabase.Open(Path.Combine(_folder, "media.db"), SqliteMediaRecords.Migrations);
            _records = new SqliteMediaRecords(_database);
            _store = new DiskMediaStore(Path.Combine(_folder, "media"));
            Data = new MediaPersonalData(_records, _store, this, new RemoveMedia(_records, _store, new UploadLocks()));
        }

        public IPersonalData Data { get; }

        public async Task<Guid> PersonWithAsync(string marker)
        {
            CancellationToken token = TestContext.Current.CancellationToken;
            byte[] bytes = Encoding.UTF8.GetBytes(marker);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            MediaRecord record = new()
            {
                Id = Guid.CreateVersion7(),
                Owner = Guid.CreateVersion7(),
                FileName = "what <people> call: a \"file\"?.txt",
                ContentType = "text/plain",
                Size = bytes.Length,
                Encrypted = false,
                PartSize = bytes.Length,
                State = MediaState.Open,
                CreatedAt = now,
                ExpiresAt = now.AddDays(1),
            };
            Assert.Null(await _records.TryStartAsync(record, 10, 1000, token));
            Result<IReceivedPart> part = await _store.ReceivePartAsync(record.Id, 1, bytes.Length, new MemoryStream(bytes), token);
            await using (part.Value!)
                await part.Value!.CommitAsync(token);
            Assert.True((await _store.AssembleAsync(record.Id, 1, _ => null, token)).Ok);
            Assert.True(await _records.CompleteAsync(record with { Sha256 = new string('a', 64), CompletedAt = now }, token));
            return record.Owner;
        }

        public ValueTask<bool> CanSeeAsync(Guid userId, Guid mediaId, CancellationToken cancellationToken) => new(false);

        public ValueTask<bool> IsShownAsync(Guid mediaId, CancellationToken cancellationToken) => new(false);

        public ValueTask DisposeAsync()
        {
            _database.Dispose();
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
