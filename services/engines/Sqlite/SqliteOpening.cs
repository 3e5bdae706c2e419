using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CoolChat.Engines.Sqlite;

/// <summary>Everything that must hold before a file is used; each refusal is one line that says what to do.</summary>
internal static class SqliteOpening
{
    /// <summary>Earlier versions can lose commits when a WAL is reset.</summary>
    private static readonly Version MinimumVersion = new(3, 51, 3);

    private static readonly HashSet<string> NetworkFormats = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ceph", "gfs", "gfs2", "lustre", "ncpfs", "fuse.sshfs",
    };

    public static (FileStream Owner, string ConnectionString, SqliteUnit Writing) Open(string path, IReadOnlyList<string> migrations)
    {
        SQLitePCL.Batteries_V2.Init();
        string folder = Path.GetDirectoryName(path)!;
        FileStream? owner = null;
        SqliteUnit? writing = null;
        try
        {
            Directory.CreateDirectory(folder);
            RefuseNetworkFileSystem(path, folder);
            owner = Own(path);
            CreatePrivate(path);
            string connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
            CheckVersions(path, connectionString, migrations.Count);
            writing = Connect(connectionString, readOnly: false);
            Migrate(writing, migrations);
            return (owner, connectionString, writing);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            writing?.Close();
            owner?.Dispose();
            throw Worded(path, failure);
        }
        catch (EngineStartException)
        {
            owner?.Dispose();
            throw;
        }
    }

    /// <summary>A connection for use: foreign keys on, commits synced, waits up to 5 s for a lock.</summary>
    public static SqliteUnit Connect(string connectionString, bool readOnly)
    {
        SqliteUnit unit = new(OpenConnection(connectionString));
        unit.Execute("PRAGMA busy_timeout = 5000");
        unit.Execute("PRAGMA foreign_keys = ON");
        unit.Execute("PRAGMA synchronous = FULL");
        unit.Execute(readOnly ? "PRAGMA query_only = ON" : "PRAGMA journal_mode = WAL");
        return unit;
    }

    public static SqliteConnection OpenConnection(string connectionString)
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static FileStream Own(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (File.Exists(path + ".lock") && failure is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new EngineStartException(
                $"Cannot open {path}: another CoolChat uses this folder: stop it, or choose another folder with --data.", failure);
        }
    }

    /// <summary>Readable by the server's user only; SQLite gives its WAL the same rights. An empty file is an empty database.</summary>
    public static void CreatePrivate(string path)
    {
        if (File.Exists(path))
            return;
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    private static void RefuseNetworkFileSystem(string path, string folder)
    {
        DriveInfo drive = new(folder);
        if (drive.DriveType == DriveType.Network || NetworkFormats.Contains(drive.DriveFormat))
        {
            throw new EngineStartException(
                $"Cannot open {path}: a network file system ({drive.DriveFormat}) can lose data here: choose a folder on a local disk with --data.");
        }
    }

    /// <summary>Before the first write, so that a refused file stays as it is.</summary>
    private static void CheckVersions(string path, string connectionString, int known)
    {
        SqliteUnit unit = new(OpenConnection(connectionString));
        try
        {
            string engine = unit.Find("SELECT sqlite_version()", static row => row.Text(0))!;
            if (Version.Parse(engine) < MinimumVersion)
                throw new EngineStartException($"SQLite {engine} is too old: CoolChat needs {MinimumVersion} or later, as its package brings.");
            long found = unit.Number("PRAGMA user_version");
            if (found > known)
            {
                throw new EngineStartException(string.Create(CultureInfo.InvariantCulture,
                    $"Cannot open {path}: it was written by a newer CoolChat (version {found}, this one knows {known}): start that version, or choose another folder with --data."));
            }
            unit.Query("SELECT name FROM sqlite_schema", static row => row.TextOrNull(0));
        }
        finally
        {
            unit.Close();
        }
    }

    private static void Migrate(SqliteUnit unit, IReadOnlyList<string> migrations)
    {
        for (int version = (int)unit.Number("PRAGMA user_version"); version < migrations.Count; version++)
        {
            unit.Execute("BEGIN IMMEDIATE");
            unit.Execute(migrations[version]);
            unit.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
            unit.Execute("COMMIT");
        }
    }

    private static EngineStartException Worded(string path, Exception failure)
    {
        string advice = failure switch
        {
            SqliteException { SqliteErrorCode: 11 or 26 } => "the database is damaged: restore a backup, or move the file away to start anew.",
            SqliteException { SqliteErrorCode: 5 or 6 } => "another program uses it: stop that program and start again.",
            SqliteException { SqliteErrorCode: 13 } => "the disk is full: free some space and start again.",
            _ => "check that the folder is writable and on a local disk.",
        };
        return new EngineStartException($"Cannot open {path}: {advice} ({failure.Message.Split('\n')[0]})", failure);
    }
}
