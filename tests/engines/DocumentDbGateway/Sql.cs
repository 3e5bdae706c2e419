using Npgsql;
using NpgsqlTypes;

namespace CoolChat.DocumentDbGateway;

/// <summary>Calls of the extension's functions: BSON goes in and comes out as bytea.</summary>
internal static class Sql
{
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] arguments)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object? argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = argument ?? DBNull.Value,
                NpgsqlDbType = argument is string ? NpgsqlDbType.Text : NpgsqlDbType.Bytea,
            });
        }

        return command;
    }

    /// <summary>The one value that it returns.</summary>
    public static async Task<byte[]> BytesAsync(NpgsqlConnection connection, string sql, params object?[] arguments)
    {
        await using NpgsqlCommand command = Command(connection, sql, arguments);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetFieldValue<byte[]>(0);
    }

    public static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, params object?[] arguments)
    {
        await using NpgsqlCommand command = Command(connection, sql, arguments);
        return await command.ExecuteScalarAsync();
    }
}
