using System.Security.Claims;
using CoolChat.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.Load.Relay;

/// <summary>
/// The baseline: a bare SignalR hub that passes each command on to everybody in its conversation, the sender's connection included (as the
/// server does), and answers. No log, no checks, no rights: what the transport alone costs. A connection says by its "token" who it is and which room it is in, as user/room.
/// </summary>
internal static class RelayServer
{
    public static async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSignalR(options => options.MaximumParallelInvocationsPerClient = 64)
            .AddJsonProtocol(options => CoolChatJson.Apply(options.PayloadSerializerOptions));
        await using WebApplication app = builder.Build();
        app.Use(static (context, next) =>
        {
            string token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
            string[] parts = token.Split('/');
            if (parts.Length == 2)
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, parts[0]), new Claim("room", parts[1])], "name"));
            return next(context);
        });
        app.MapGet("/health", static () => TypedResults.Ok());
        app.MapHub<RelayHub>("/chat/hub");
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}

/// <summary>The relay's hub.</summary>
internal sealed class RelayHub : Hub
{
    public override Task OnConnectedAsync() => Groups.AddToGroupAsync(Context.ConnectionId, Context.User!.FindFirstValue("room")!);

    public HelloReply Hello(HelloRequest request) => new() { Ok = true, Features = request.Features };

    public async Task<CommandResult> Submit(Command command)
    {
        await Clients.Group(command.ConversationId.ToString()).SendAsync(HubMethods.Appended, new[] { command });
        return new CommandResult { Ok = true, Status = CommandResult.Appended, CommandId = command.CommandId };
    }
}
