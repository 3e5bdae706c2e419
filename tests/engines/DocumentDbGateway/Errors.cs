using MongoDB.Bson;
using Npgsql;

namespace CoolChat.DocumentDbGateway;

/// <summary>The engine's SQLSTATEs as MongoDB's error codes.</summary>
internal static class Errors
{
    public const int DuplicateKey = 11000;
    public const int LockTimeout = 24;
    public const int NoSuchTransaction = 251;
    public const int WriteConflict = 112;
    private const int InternalError = 1;

    private static readonly Dictionary<string, (int Code, string Name)> Codes = new()
    {
        ["M0000"] = (1, "InternalError"),
        ["M0001"] = (2, "BadValue"),
        ["M0003"] = (9, "FailedToParse"),
        ["M0004"] = (14, "TypeMismatch"),
        ["M0005"] = (15, "Overflow"),
        ["M0006"] = (20, "IllegalOperation"),
        ["M0008"] = (26, "NamespaceNotFound"),
        ["M0009"] = (27, "IndexNotFound"),
        ["M000A"] = (28, "PathNotViable"),
        ["M000D"] = (40, "ConflictingUpdateOperators"),
        ["M000E"] = (43, "CursorNotFound"),
        ["M000F"] = (48, "NamespaceExists"),
        ["M000G"] = (52, "DollarPrefixedFieldName"),
        ["M000J"] = (56, "EmptyFieldName"),
        ["M000M"] = (66, "ImmutableField"),
        ["M000N"] = (67, "CannotCreateIndex"),
        ["M000O"] = (68, "IndexAlreadyExists"),
        ["M000P"] = (72, "InvalidOptions"),
        ["M000Q"] = (73, "InvalidNamespace"),
        ["M000R"] = (85, "IndexOptionsConflict"),
        ["M000S"] = (86, "IndexKeySpecsConflict"),
        ["M000U"] = (115, "CommandNotSupported"),
        ["M00CO"] = (121, "DocumentValidationFailure"),
        ["M0012"] = (197, "InvalidIndexSpecificationOption"),
        ["M0015"] = (241, "ConversionFailure"),
        ["M0016"] = (263, "OperationNotSupportedInTransaction"),
        ["M0018"] = (291, "NoQueryExecutionPlans"),
        ["M001B"] = (10334, "BSONObjectTooLarge"),
        ["M001C"] = (DuplicateKey, "DuplicateKey"),
        ["M007U"] = (40324, "UnrecognizedCommand"),
        ["M00F1"] = (WriteConflict, "WriteConflict"),
        ["0A000"] = (115, "CommandNotSupported"),
        ["22023"] = (2, "BadValue"),
        ["22P02"] = (9, "FailedToParse"),
        ["23505"] = (DuplicateKey, "DuplicateKey"),
        ["23P01"] = (DuplicateKey, "DuplicateKey"),
        ["25P02"] = (NoSuchTransaction, "NoSuchTransaction"),
        ["40001"] = (WriteConflict, "WriteConflict"),
        ["40P01"] = (WriteConflict, "WriteConflict"),
        ["42P01"] = (26, "NamespaceNotFound"),
        ["55P03"] = (LockTimeout, "LockTimeout"),
        ["57014"] = (50, "MaxTimeMSExpired"),
    };

    /// <summary>A code in a result of the engine, which packs a SQLSTATE as PostgreSQL does: five characters of six bits each.</summary>
    public static int FromPacked(int code)
    {
        Span<char> state = stackalloc char[5];
        for (int i = 0; i < state.Length; i++, code >>= 6)
            state[i] = (char)((code & 0x3F) + '0');
        return FromState(new string(state)).Code;
    }

    /// <summary>The same where the engine may also have put MongoDB's own code, none of which reaches the fifth character.</summary>
    public static int FromPackedOrOwn(int code) => code < 1 << 24 ? code : FromPacked(code);

    public static string DuplicateKeyText(string message) => message.StartsWith("E11000", StringComparison.Ordinal) ? message : "E11000 duplicate key error: " + message;

    /// <summary>PostgreSQL was killed, ends, or is not up yet (class 57P).</summary>
    public static bool IsEngineGone(Exception failure) => failure switch
    {
        PostgresException postgres => postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>The answer to a request that failed.</summary>
    public static BsonDocument ToReply(Request request, Exception exception)
    {
        (int code, string name, string message, bool transient) = exception switch
        {
            MongoException mongo => (mongo.Code, NameOf(mongo.Code), mongo.Message, mongo.Transient),
            PostgresException postgres => FromPostgres(postgres, request.InTransaction),
            _ => (InternalError, "InternalError", exception.Message, false),
        };
        if (code == InternalError)
            Console.Error.WriteLine($"{request.Name}: {exception.GetType().Name} {exception.Message} {(exception as PostgresException)?.SqlState}");
        BsonDocument reply = new() { { "ok", 0.0 }, { "errmsg", message }, { "code", code }, { "codeName", name } };
        if (transient)
            reply["errorLabels"] = new BsonArray { "TransientTransactionError" };
        return reply;
    }

    private static (int Code, string Name, string Message, bool Transient) FromPostgres(PostgresException exception, bool inTransaction)
    {
        // mongod knows no waiting for a lock within a transaction: the second writer conflicts.
        (int code, string name) = FromState(inTransaction && exception.SqlState == "55P03" ? "40001" : exception.SqlState);
        string message = code == DuplicateKey ? DuplicateKeyText(exception.MessageText) : exception.MessageText;
        return (code, name, message, inTransaction && code is WriteConflict or NoSuchTransaction);
    }

    private static (int Code, string Name) FromState(string state) =>
        Codes.TryGetValue(state, out (int, string) known) ? known : (InternalError, $"InternalError({state})");

    private static string NameOf(int code) => Codes.Values.FirstOrDefault(known => known.Code == code).Name ?? $"Error{code}";
}
