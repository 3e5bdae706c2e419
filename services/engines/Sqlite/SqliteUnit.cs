using Microsoft.Data.Sqlite;

namespace CoolChat.Engines.Sqlite;

/// <summary>
/// One transaction on one connection. Parameters are positional (?1, ?2 ...); statements are prepared once a connection, so SQL texts must be
/// constants. Stored forms: Guid as 16 bytes big-endian (UUIDv7 sort by time), times as Unix milliseconds, bool as 0 or 1.
/// </summary>
public sealed class SqliteUnit
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    internal SqliteUnit(SqliteConnection connection) => _connection = connection;

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteRow, T> map, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(map);
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
            rows.Add(map(new SqliteRow(reader)));
        return rows;
    }

    /// <summary>The first row of a query, or default.</summary>
    public T? Find<T>(string sql, Func<SqliteRow, T> map, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(map);
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? map(new SqliteRow(reader)) : default;
    }

    /// <summary>Whether a query has a row.</summary>
    public bool Any(string sql, params ReadOnlySpan<object?> values) => Find(sql, static _ => true, values);

    /// <summary>The integer in the first column of the first row; 0 when there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values) => Find(sql, static row => row.Number(0), values);

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // SQL texts are constants of the stores (see the class comment); values are always bound.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (int i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = "?" + i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
            _prepared.Add(sql, command);
        }
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = Stored(values[i]);
        return command;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        bool flag => flag ? 1L : 0L,
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        _ => value,
    };

    internal void Close()
    {
        foreach (SqliteCommand command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }
}

/// <summary>The current row of a query; columns by position.</summary>
public readonly struct SqliteRow
{
    private readonly SqliteDataReader _reader;

    internal SqliteRow(SqliteDataReader reader) => _reader = reader;

    public bool IsNull(int column) => _reader.IsDBNull(column);

    public long Number(int column) => _reader.GetInt64(column);

    public bool Flag(int column) => _reader.GetInt64(column) != 0;

    public double Real(int column) => _reader.GetDouble(column);

    public string Text(int column) => _reader.GetString(column);

    public string? TextOrNull(int column) => _reader.IsDBNull(column) ? null : _reader.GetString(column);

    public byte[] Bytes(int column) => (byte[])_reader.GetValue(column);

    public byte[]? BytesOrNull(int column) => _reader.IsDBNull(column) ? null : Bytes(column);

    public Guid Id(int column) => new(Bytes(column), bigEndian: true);

    public Guid? IdOrNull(int column) => _reader.IsDBNull(column) ? null : Id(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(_reader.GetInt64(column));

    public DateTimeOffset? TimeOrNull(int column) => _reader.IsDBNull(column) ? null : Time(column);
}
