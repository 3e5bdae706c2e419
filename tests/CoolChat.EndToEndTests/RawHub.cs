using System.Text.Json;
using CoolChat.Contracts;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.EndToEndTests;

/// <summary>Bare SignalR clients, which send whatever they are given: no SDK in between.</summary>
internal static class RawHub
{
    private static readonly MessagePackSerializerOptions JsonInMessagePack = MessagePackSerializerOptions.Standard
        .WithResolver(CompositeResolver.Create([new JsonElementFormatter()], [StandardResolver.Instance]))
        .WithSecurity(MessagePackSecurity.UntrustedData);

    public static HubConnection Json(Uri server, string? token) => Builder(server, token).AddJsonProtocol(json =>
    {
        CoolChatJson.Apply(json.PayloadSerializerOptions);
        // What is too deep is the server's to refuse.
        json.PayloadSerializerOptions.MaxDepth = 1000;
    }).Build();

    /// <summary>Speaks MessagePack; arguments and answers are <see cref="JsonElement"/>, so that tests say the same in both.</summary>
    public static HubConnection MessagePack(Uri server, string? token) => Builder(server, token).AddMessagePackProtocol(pack => pack.SerializerOptions = JsonInMessagePack).Build();

    private static HubConnectionBuilder Builder(Uri server, string? token)
    {
        HubConnectionBuilder builder = new();
        builder.WithUrl(new Uri(server, "chat/hub"), http =>
        {
            http.SkipNegotiation = true;
            http.Transports = HttpTransportType.WebSockets;
            http.AccessTokenProvider = () => Task.FromResult(token);
        });
        return builder;
    }

    private sealed class JsonElementFormatter : IMessagePackFormatter<JsonElement>
    {
        public void Serialize(ref MessagePackWriter writer, JsonElement value, MessagePackSerializerOptions options)
        {
            using StringReader json = new(value.GetRawText());
            MessagePackSerializer.ConvertFromJson(json, ref writer, options);
        }

        public JsonElement Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            using StringWriter json = new();
            MessagePackSerializer.ConvertToJson(ref reader, json, options);
            using JsonDocument document = JsonDocument.Parse(json.ToString());
            return document.RootElement.Clone();
        }
    }
}
