using System.Buffers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary><c>eth_call</c> against a configured chain, and nothing else: it reads, bounded in time, size and number at once.</summary>
internal sealed partial class EthereumRpc(
    IHttpClientFactory clients, IOptions<EthereumOptions> options, TimeProvider time, ILogger<EthereumRpc> logger) : IDisposable
{
    public const string ClientName = "ethereum-rpc";

    /// <summary>More at once wait for nothing: an answer of "later" is better than a queue that strangers can fill.</summary>
    private const int MaxConcurrent = 16;
    private const int MaxAnswer = 64 * 1024;

    /// <summary>
    /// A caller that is nobody. Left out, it would be address zero, which some wallets take for a sign that they are only being simulated.
    /// </summary>
    private const string Caller = "0xc001c4a7c001c4a7c001c4a7c001c4a7c001c4a7";

    private readonly SemaphoreSlim _slots = new(MaxConcurrent);

    /// <summary>What the call returns; null where the chain gave no answer (logged).</summary>
    public async Task<byte[]?> CallAsync(ulong chainId, byte[] data, CancellationToken cancellationToken)
    {
        if (!await _slots.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            LogBusy(logger, chainId);
            return null;
        }
        using CancellationTokenSource timeout = new(options.Value.RpcTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await SendAsync(chainId, data, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnavailable(logger, chainId, "time-out");
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            // The message may hold the endpoint's address, and that an access key.
            LogUnavailable(logger, chainId, e.GetType().Name);
            return null;
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<byte[]?> SendAsync(ulong chainId, byte[] data, CancellationToken cancellationToken)
    {
        using HttpClient client = clients.CreateClient(ClientName);
        using HttpRequestMessage request = new(HttpMethod.Post, options.Value.RpcOf(chainId))
        {
            Content = JsonContent.Create(new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "eth_call",
                @params = new object[] { new { from = Caller, data = "0x" + Convert.ToHexStringLower(data) }, "latest" },
            }),
        };
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            LogUnavailable(logger, chainId, $"HTTP {(int)response.StatusCode}");
            return null;
        }
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxAnswer + 1);
        try
        {
            int length = await body.ReadAtLeastAsync(buffer.AsMemory(0, MaxAnswer + 1), MaxAnswer + 1, throwOnEndOfStream: false, cancellationToken);
            return length > MaxAnswer ? Unreadable(chainId, "answer too long") : ReadResult(chainId, buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private byte[]? ReadResult(ulong chainId, ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } root)
            return Unreadable(chainId, "not JSON-RPC");
        if (root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
        {
            bool hasCode = error.TryGetProperty("code", out JsonElement code) && code.ValueKind == JsonValueKind.Number;
            return Unreadable(chainId, hasCode ? "JSON-RPC error " + code.GetRawText() : "JSON-RPC error");
        }
        if (!root.TryGetProperty("result", out JsonElement result) || result.ValueKind != JsonValueKind.String ||
            result.GetString() is not { } text || !text.StartsWith("0x", StringComparison.Ordinal))
            return Unreadable(chainId, "no result");
        byte[] bytes = new byte[text.Length / 2];
        OperationStatus status = Convert.FromHexString(text.AsSpan(2), bytes, out _, out int written);
        return status == OperationStatus.Done ? bytes[..written] : Unreadable(chainId, "no hexadecimal result");
    }

    private byte[]? Unreadable(ulong chainId, string reason)
    {
        LogUnavailable(logger, chainId, reason);
        return null;
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "Chain {ChainId} gave no answer: {Reason}. See Ethereum:Rpc:{ChainId}")]
    private static partial void LogUnavailable(ILogger logger, ulong chainId, string reason);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Chain {ChainId} was not asked: too many questions at once")]
    private static partial void LogBusy(ILogger logger, ulong chainId);
}
