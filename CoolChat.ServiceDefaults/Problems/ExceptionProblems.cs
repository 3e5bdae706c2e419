using System.Text.Json;
using System.Text.RegularExpressions;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoolChat.ServiceDefaults.Problems;

/// <summary>Turns what the framework throws about a request into a refusal; anything else is a bug: 500 without details, and logged.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        Refusal refusal = exception switch
        {
            RefusedException refused => refused.Refusal,
            BadHttpRequestException bad => Describe(bad),
            _ => new Refusal(ErrorCodes.Internal, "Something went wrong on the server."),
        };
        if (refusal.Code == ErrorCodes.Internal)
            LogFailure(logger, exception, httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName ?? "no endpoint");
        await ProblemWriter.WriteAsync(httpContext, ProblemMapping.ToDetails(refusal));
        return true;
    }

    internal static Refusal Describe(BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest)
            return ProblemMapping.FromStatus(bad.StatusCode);
        if (bad.InnerException is JsonException json)
            return Describe(json);
        Match parameter = ParameterName().Match(bad.Message);
        return parameter.Success
            ? Refusal.Invalid(parameter.Groups[1].Value, $"'{parameter.Groups[1].Value}' is missing or not what is expected there.")
            : new Refusal(ErrorCodes.Invalid, "The request is not valid.");
    }

    /// <summary>Words of our own: the serializer's messages name types of the server and may repeat what was sent.</summary>
    private static Refusal Describe(JsonException json)
    {
        Match missing = MissingProperty().Match(json.Message);
        if (missing.Success)
            return Refusal.Invalid(Path(json.Path, missing.Groups[1].Value), "A required field is missing.");
        Match duplicate = DuplicateProperty().Match(json.Message);
        if (duplicate.Success)
            return Refusal.Invalid(Path(json.Path, ""), "A field is there twice.");
        string path = Path(json.Path, "");
        return path.Length > 0
            ? Refusal.Invalid(path, $"The value of '{path}' is not what is expected there.")
            : new Refusal(ErrorCodes.Invalid, "The body is not valid JSON in UTF-8 of the expected shape.");
    }

    private static string Path(string? path, string member)
    {
        string parent = path is { Length: > 1 and <= 200 } && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";
        return (parent.Length, member.Length) switch
        {
            (0, _) => member,
            (_, 0) => parent,
            _ => $"{parent}.{member}",
        };
    }

    // BadHttpRequestException of minimal APIs: Failed to bind parameter "int limit" from "x"; Required parameter "string q" was not provided ...
    [GeneratedRegex("parameter \"\\S+ (\\w+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();

    [GeneratedRegex("missing required properties including: '([A-Za-z]+)'", RegexOptions.CultureInvariant)]
    private static partial Regex MissingProperty();

    [GeneratedRegex("^Duplicate", RegexOptions.CultureInvariant)]
    private static partial Regex DuplicateProperty();

    [LoggerMessage(100, LogLevel.Error, "Unhandled failure of {Method} {Endpoint}")]
    private static partial void LogFailure(ILogger logger, Exception exception, string method, string endpoint);
}
