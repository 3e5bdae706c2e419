using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace CoolChat.UnitTests.Gateway;

/// <summary>TLS by configuration: a certificate that is replaced on disk is served without a restart.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly GatewayFixture _gateway = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-tls").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Certificate_Replaced_IsServed_AndTheClientsLearnToStaySecure()
    {
        string first = await WriteAsync("first.example");
        (_, string backend) = await _gateway.BackendAsync(app => app.MapGet("/chat/scheme", (HttpContext context) => context.Request.Headers["X-Forwarded-Proto"].ToString()));
        await _gateway.StartAsync(
            GatewayFixture.Destination("chat", "a", backend), "urls=https://127.0.0.1:0",
            $"Edge:Tls:Certificate={Path.Combine(_folder, "tls.crt")}", $"Edge:Tls:Key={Path.Combine(_folder, "tls.key")}");
        Assert.Equal(first, await ServedAsync());
        using HttpClient http = new(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsOurs } });
        using HttpResponseMessage response = await http.GetAsync(new Uri(_gateway.Url, "/chat/scheme"), Token);
        Assert.Equal("https", await response.Content.ReadAsStringAsync(Token));
        Assert.True(response.Headers.Contains("Strict-Transport-Security"));

        string second = await WriteAsync("second.example");
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (await ServedAsync() != second)
            await Task.Delay(50, deadline.Token);
    }

    [Fact]
    public async Task Start_WithoutTheCertificatesFile_NamesTheKeys()
    {
        (_, string backend) = await _gateway.BackendAsync(_ => { });
        StartException failure = await Assert.ThrowsAsync<StartException>(() => _gateway.StartAsync(
            GatewayFixture.Destination("chat", "a", backend), "urls=https://127.0.0.1:0", "Edge:Tls:Certificate=/nowhere/tls.crt", "Edge:Tls:Key=/nowhere/tls.key"));
        Assert.Contains("Edge:Tls", failure.Message, StringComparison.Ordinal);
    }

    private async Task<string?> ServedAsync()
    {
        try
        {
            using TcpClient tcp = new();
            await tcp.ConnectAsync("127.0.0.1", _gateway.Url.Port, Token);
            await using SslStream tls = new(tcp.GetStream(), false, IsOurs);
            await tls.AuthenticateAsClientAsync("localhost");
            return tls.RemoteCertificate!.GetCertHashString();
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return null;
        }
    }

    private static bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.Subject is "CN=first.example" or "CN=second.example";

    private async Task<string> WriteAsync(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        // The key first: the pair is read when the certificate changes.
        await File.WriteAllTextAsync(Path.Combine(_folder, "tls.key"), key.ExportPkcs8PrivateKeyPem(), Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "tls.crt"), certificate.ExportCertificatePem(), Token);
        return certificate.GetCertHashString();
    }
}
