using CoolChat.Contracts;

namespace CoolChat.Client;

internal static class WireExtensions
{
    public static CoolChatException ToException(this WireError? error) => error is null
        ? new CoolChatException(ErrorCodes.Internal, "The server refused without saying why.")
        : new CoolChatException(error.Code, error.Detail, error.Field)
        {
            RetryAfter = error.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
}
