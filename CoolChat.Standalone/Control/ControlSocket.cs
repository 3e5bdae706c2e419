using System.Net.Sockets;
using System.Text;
using CoolChat.Engines;

namespace CoolChat.Standalone.Control;

/// <summary>
/// How sub-commands reach the running server: a Unix socket in the data folder, which only the folder's owner can enter. One line asks
/// (name, space, argument), one line answers (ok or error, space, what to show).
/// </summary>
internal sealed partial class ControlSocket(IConfiguration configuration, IEnumerable<IControlCommand> commands, ILogger<ControlSocket> logger)
    : BackgroundService
{
    private const int MostRequestBytes = 8 * 1024;
    private readonly Dictionary<string, IControlCommand> _commands = commands.ToDictionary(command => command.Name, StringComparer.Ordinal);

    /// <summary>Where the socket of a data folder is.</summary>
    public static string PathOf(string dataFolder) => Path.Combine(dataFolder, "control.sock");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string path = PathOf(DataFolder.Of(configuration));
        if (Encoding.UTF8.GetByteCount(path) > 100)
        {
            LogTooLong(logger, path);
            return;
        }
        // The folder's lock is ours, so whatever is there was left by a process that is gone.
        File.Delete(path);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(4);
        try
        {
            while (true)
            {
                using Socket client = await listener.AcceptAsync(stoppingToken);
                await AnswerAsync(client, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            File.Delete(path);
        }
    }

    private async Task AnswerAsync(Socket client, CancellationToken cancellationToken)
    {
        string answer;
        using NetworkStream stream = new(client);
        try
        {
            string[] request = (await ReadLineAsync(stream, cancellationToken)).Split(' ', 2);
            answer = _commands.TryGetValue(request[0], out IControlCommand? command)
                ? "ok " + await command.RunAsync(request.Length > 1 ? request[1] : "", cancellationToken)
                : $"error This server doesn't know '{request[0]}': it is of another version.";
        }
        catch (Exception failure) when (failure is ControlException or IOException or UnauthorizedAccessException)
        {
            answer = "error " + failure.Message.ReplaceLineEndings(" ");
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\n"), cancellationToken);
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MostRequestBytes];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            int end = buffer.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0)
                return Encoding.UTF8.GetString(buffer, 0, length + end);
            if (read == 0)
                break;
            length += read;
        }
        throw new ControlException("The request was no line.");
    }

    /// <summary>Asks the server that uses <paramref name="dataFolder"/>; null when none runs there.</summary>
    /// <exception cref="ControlException">The server could not do it.</exception>
    public static async Task<string?> AskAsync(string dataFolder, string command, string argument, CancellationToken cancellationToken)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathOf(dataFolder)), cancellationToken);
        }
        catch (SocketException)
        {
            return null;
        }
        using NetworkStream stream = new(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{command} {argument}\n"), cancellationToken);
        using StreamReader reader = new(stream);
        string answer = await reader.ReadLineAsync(cancellationToken) ?? "error The server ended before it answered.";
        return answer.StartsWith("ok ", StringComparison.Ordinal) ? answer[3..] : throw new ControlException(answer[(answer.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    [LoggerMessage(6001, LogLevel.Warning, "The path {Path} is too long for a socket: sub-commands can't reach this server; choose a shorter --data")]
    private static partial void LogTooLong(ILogger logger, string path);
}
