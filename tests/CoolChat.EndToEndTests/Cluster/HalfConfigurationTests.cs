using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Cluster;

/// <summary>A service that lacks a key says which, and falls back to nothing.</summary>
public sealed class HalfConfigurationTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly string[] Services = ["chat", "media", "processing", "user"];

    [Theory]
    [InlineData("chat", "ConnectionStrings:mongodb")]
    [InlineData("chat", "ConnectionStrings:rabbitmq")]
    [InlineData("chat", "Services:processing:Key")]
    [InlineData("media", "Services:user:Key")]
    [InlineData("processing", "ConnectionStrings:mongodb")]
    [InlineData("processing", "ConnectionStrings:rabbitmq")]
    [InlineData("processing", "ConnectionStrings:redis")]
    [InlineData("user", "ConnectionStrings:mongodb")]
    [InlineData("user", "ConnectionStrings:rabbitmq")]
    public async Task Start_WithoutOneKey_NamesIt(string service, string key)
    {
        string[] all =
        [
            "ConnectionStrings:mongodb=mongodb://127.0.0.1:1/?replicaSet=rs0", "ConnectionStrings:rabbitmq=amqp://127.0.0.1:1", "ConnectionStrings:redis=127.0.0.1:1",
            .. Services.SelectMany(other => new[] { $"Services:{other}:http:0=http://127.0.0.1:1", $"Services:{other}:Key={Secret}", $"Callers:{other}:Key={Secret}" }),
        ];
        await using ServiceProgram lost = new(service);
        lost.Launch([.. all.Where(setting => !setting.StartsWith(key + "=", StringComparison.Ordinal))]);
        await lost.WaitForExitAsync();
        Assert.Equal(1, lost.ExitCode);
        string line = Assert.Single(lost.Output.Split('\n'), line => line.Contains("can't start", StringComparison.Ordinal));
        Assert.Contains(key, line, StringComparison.Ordinal);
    }
}
