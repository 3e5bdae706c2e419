using MongoDB.Bson;
using Npgsql;

namespace CoolChat.DocumentDbGateway;

/// <summary>Each command of MongoDB as a call of the extension, on the connection of its transaction or on one from the pool.</summary>
internal sealed class Commands(NpgsqlDataSource source, Transactions transactions, Cursors cursors)
{
    private const string Bson = "documentdb_core.bson";
    private static readonly byte[] Ok = new BsonDocument("ok", 1.0).ToBson();

    public async Task<byte[]> ExecuteAsync(Request request)
    {
        if (await WithoutEngineAsync(request) is { } reply)
            return reply;
        if (request.Name == "getMore")
            return await GetMoreAsync(request);
        if (await transactions.FindAsync(request) is { } transaction)
            return await ExecuteAsync(request, transaction);
        NpgsqlConnection connection = await source.OpenConnectionAsync();
        bool kept = false;
        try
        {
            return IsQuery(request.Name)
                ? await QueryAsync(request, connection, hold => kept = hold)
                : await ExecuteAsync(request, connection, transaction: null);
        }
        finally
        {
            if (!kept)
                await connection.DisposeAsync();
        }
    }

    private async Task<byte[]> ExecuteAsync(Request request, Transaction transaction)
    {
        byte[] reply;
        using (await transaction.EnterAsync())
        {
            if (transaction.Ended)
                throw Transactions.Missing(transaction.Number);
            reply = await ExecuteAsync(request, transaction.Connection, transaction);
        }
        if (transaction.Failed)
            await transactions.AbortAsync(request.Session);
        return reply;
    }

    private async Task<byte[]?> WithoutEngineAsync(Request request)
    {
        switch (request.Name)
        {
            case "ping" or "endSessions" or "refreshSessions" or "logout":
                return Ok;
            case "killSessions":
                foreach (BsonValue session in request.Document["killSessions"].AsBsonArray)
                    await transactions.AbortAsync(Request.SessionOf(session));
                return Ok;
            case "startSession":
                BsonBinaryData id = new(Guid.NewGuid(), GuidRepresentation.Standard);
                return new BsonDocument { { "id", new BsonDocument("id", id) }, { "timeoutMinutes", 30 }, { "ok", 1.0 } }.ToBson();
            case "buildInfo" or "buildinfo":
                return new BsonDocument { { "version", "7.0.0" }, { "versionArray", new BsonArray { 7, 0, 0, 0 } }, { "bits", 64 }, { "ok", 1.0 } }.ToBson();
            case "getParameter":
                return new BsonDocument { { "featureCompatibilityVersion", new BsonDocument("version", "7.0") }, { "ok", 1.0 } }.ToBson();
            case "connectionStatus":
                BsonDocument nobody = new() { { "authenticatedUsers", new BsonArray() }, { "authenticatedUserRoles", new BsonArray() } };
                return new BsonDocument { { "authInfo", nobody }, { "ok", 1.0 } }.ToBson();
            case "commitTransaction":
                await transactions.CommitAsync(request);
                return Ok;
            case "abortTransaction":
                await transactions.AbortAsync(request.Session);
                return Ok;
            case "killCursors":
                foreach (BsonValue cursor in request.Document["cursors"].AsBsonArray)
                    await cursors.CloseAsync(cursor.ToInt64());
                return new BsonDocument
                {
                    { "cursorsKilled", request.Document["cursors"] },
                    { "cursorsNotFound", new BsonArray() },
                    { "cursorsAlive", new BsonArray() },
                    { "cursorsUnknown", new BsonArray() },
                    { "ok", 1.0 },
                }.ToBson();
            default:
                return null;
        }
    }

    private async Task<byte[]> ExecuteAsync(Request request, NpgsqlConnection connection, Transaction? transaction)
    {
        string database = request.Database;
        byte[] body = request.Body;
        return request.Name switch
        {
            "insert" => await WriteAsync(request, connection, "insert", "documents", transaction),
            "update" => await WriteAsync(request, connection, "update", "updates", transaction),
            "delete" => await WriteAsync(request, connection, "delete", "deletes", transaction),
            "findAndModify" or "findandmodify" => await Sql.BytesAsync(connection, $"SELECT p_result::bytea FROM documentdb_api.find_and_modify($1,$2::{Bson})", database, body),
            "find" or "aggregate" or "listCollections" or "listIndexes" => await QueryAsync(request, connection, hold: null),
            "count" => await Sql.BytesAsync(connection, $"SELECT document::bytea FROM documentdb_api.count_query($1,$2::{Bson})", database, body),
            "distinct" => await Sql.BytesAsync(connection, $"SELECT document::bytea FROM documentdb_api.distinct_query($1,$2::{Bson})", database, body),
            "create" => await Sql.BytesAsync(connection, $"SELECT documentdb_api.create_collection_view($1,$2::{Bson})::bytea", database, body),
            "createIndexes" => IndexReply(await Sql.BytesAsync(
                connection, $"SELECT documentdb_api_internal.create_indexes_non_concurrently($1,$2::{Bson},true)::bytea", database, body)),
            "dropIndexes" or "deleteIndexes" => await DropIndexesAsync(request, connection),
            "drop" => await DropAsync(request, connection),
            "dropDatabase" => await DropDatabaseAsync(request, connection),
            "collMod" => await Sql.BytesAsync(connection, $"SELECT documentdb_api.coll_mod($1,$2,$3::{Bson})::bytea", database, request.Collection, body),
            "renameCollection" => await RenameAsync(request, connection),
            "listDatabases" => await Sql.BytesAsync(connection, $"SELECT documentdb_api.list_databases($1::{Bson})::bytea", body),
            "dbStats" => await Sql.BytesAsync(connection, "SELECT documentdb_api.db_stats($1,1)::bytea", database),
            "collStats" => await Sql.BytesAsync(connection, "SELECT documentdb_api.coll_stats($1,$2,1)::bytea", database, request.Collection),
            "validate" => await Sql.BytesAsync(connection, $"SELECT documentdb_api.validate($1,$2::{Bson})::bytea", database, body),
            _ => throw new MongoException(59, $"no such command: '{request.Name}'"),
        };
    }

    private static bool IsQuery(string name) => name is "find" or "aggregate" or "listCollections" or "listIndexes";

    /// <summary>The first page. Some cursors live on their connection, which then stays theirs: <paramref name="hold"/> is told.</summary>
    private async Task<byte[]> QueryAsync(Request request, NpgsqlConnection connection, Action<bool>? hold)
    {
        string function = request.Name switch
        {
            "listCollections" => "list_collections",
            "listIndexes" => "list_indexes",
            _ => request.Name,
        };
        await using NpgsqlCommand command = Sql.Command(
            connection,
            $"SELECT cursorpage::bytea, continuation::bytea, persistconnection, cursorid FROM documentdb_api.{function}_cursor_first_page($1,$2::{Bson})",
            request.Database,
            request.Body);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        byte[] page = reader.GetFieldValue<byte[]>(0);
        long id = reader.GetInt64(3);
        if (reader.IsDBNull(1) || id == 0)
            return page;
        bool persists = !reader.IsDBNull(2) && reader.GetBoolean(2) && hold is not null;
        cursors.Open(id, reader.GetFieldValue<byte[]>(1), persists ? connection : null);
        hold?.Invoke(persists);
        return page;
    }

    private async Task<byte[]> GetMoreAsync(Request request)
    {
        long id = request.Document[0].ToInt64();
        Cursor cursor = cursors.Find(id);
        Transaction? transaction = await transactions.FindAsync(request);
        using IDisposable? turn = transaction is null ? null : await transaction.EnterAsync();
        if (transaction is { Ended: true })
            throw Transactions.Missing(transaction.Number);
        NpgsqlConnection? own = transaction is null && cursor.Connection is null ? await source.OpenConnectionAsync() : null;
        byte[] page;
        await using (own)
        await using (NpgsqlCommand command = Sql.Command(
            cursor.Connection ?? transaction?.Connection ?? own!,
            $"SELECT cursorpage::bytea, continuation::bytea FROM documentdb_api.cursor_get_more($1,$2::{Bson},$3::{Bson})",
            request.Database,
            request.Body,
            cursor.Continuation))
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            page = reader.GetFieldValue<byte[]>(0);
            if (!reader.IsDBNull(1))
            {
                cursor.Continuation = reader.GetFieldValue<byte[]>(1);
                return page;
            }
        }

        await cursors.CloseAsync(id);
        return page;
    }

    private async Task<byte[]> WriteAsync(Request request, NpgsqlConnection connection, string function, string sequence, Transaction? transaction)
    {
        await using NpgsqlCommand command = Sql.Command(
            connection,
            $"SELECT p_result::bytea, p_success FROM documentdb_api.{function}($1,$2::{Bson},$3::documentdb_core.bsonsequence,NULL)",
            request.Database,
            request.Body,
            request.Sequences.GetValueOrDefault(sequence));
        byte[] page;
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            page = reader.GetFieldValue<byte[]>(0);
            if (reader.GetBoolean(1))
                return page;
        }

        BsonDocument reply = Wire.ToDocument(page);
        if (reply.TryGetValue("writeErrors", out BsonValue errors))
        {
            foreach (BsonDocument error in errors.AsBsonArray.Cast<BsonDocument>())
                Translate(error, reply, transaction is not null);
        }

        if (transaction is not null)
            transaction.Failed = true;
        return reply.ToBson();
    }

    private static void Translate(BsonDocument error, BsonDocument reply, bool inTransaction)
    {
        int code = Errors.FromPacked(error["code"].AsInt32);
        string message = error.GetValue("errmsg", "").AsString;
        if (inTransaction && code is Errors.WriteConflict or Errors.LockTimeout)
            throw new MongoException(Errors.WriteConflict, message, transient: true);
        // Nothing was written: tried again by the caller.
        if (!inTransaction && code == Errors.WriteConflict && reply.GetValue("n", 0).ToInt32() == 0)
            throw new PostgresException(message, "ERROR", "ERROR", "40P01");
        error["code"] = code;
        if (code == Errors.DuplicateKey)
            error["errmsg"] = Errors.DuplicateKeyText(message);
    }

    private static async Task<byte[]> DropIndexesAsync(Request request, NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = Sql.Command(connection, $"CALL documentdb_api.drop_indexes($1,$2::{Bson},NULL)", request.Database, request.Body);
        // An INOUT parameter of this type can only be had as text: "BSONHEX...".
        command.AllResultTypesAreUnknown = true;
        string text = (string)(await command.ExecuteScalarAsync())!;
        return IndexReply(Convert.FromHexString(text["BSONHEX".Length..]));
    }

    private static async Task<byte[]> DropAsync(Request request, NpgsqlConnection connection)
    {
        if (await Sql.ScalarAsync(connection, "SELECT documentdb_api.drop_collection($1,$2)", request.Database, request.Collection) is not true)
            throw new MongoException(26, "ns not found");
        return new BsonDocument { { "nIndexesWas", 1 }, { "ns", $"{request.Database}.{request.Collection}" }, { "ok", 1.0 } }.ToBson();
    }

    private static async Task<byte[]> DropDatabaseAsync(Request request, NpgsqlConnection connection)
    {
        await Sql.ScalarAsync(connection, "SELECT documentdb_api.drop_database($1)", request.Database);
        return new BsonDocument { { "dropped", request.Database }, { "ok", 1.0 } }.ToBson();
    }

    private static async Task<byte[]> RenameAsync(Request request, NpgsqlConnection connection)
    {
        await Sql.ScalarAsync(connection, $"SELECT documentdb_api.rename_collection($1::{Bson})", request.Body);
        return Ok;
    }

    /// <summary>The extension answers index commands a shard: mongod's answer is the one shard's, or its error.</summary>
    private static byte[] IndexReply(byte[] bytes)
    {
        BsonDocument reply = Wire.ToDocument(bytes);
        IEnumerable<BsonDocument> shards = reply.TryGetValue("raw", out BsonValue raw) ? raw.AsBsonDocument.Values.OfType<BsonDocument>() : [];
        foreach (BsonDocument shard in shards.ToArray())
        {
            foreach (BsonElement element in shard.Where(element => element.Name != "ok"))
                reply[element.Name] = element.Value;
            if (shard.Contains("ok") && !shard["ok"].ToBoolean() && !shard.Contains("code"))
                reply["code"] = 1;
        }

        reply.Remove("raw");
        if (reply.TryGetValue("code", out BsonValue code))
            throw new MongoException(Errors.FromPackedOrOwn(code.ToInt32()), reply.GetValue("errmsg", "index error").AsString);
        reply["ok"] = 1.0;
        return reply.ToBson();
    }
}
