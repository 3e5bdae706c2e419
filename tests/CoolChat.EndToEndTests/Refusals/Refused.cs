using System.Net;
using System.Text.Json;

namespace CoolChat.EndToEndTests;

/// <summary>What a refusal over HTTP must be: a 4xx with problem details and a stable code.</summary>
internal static class Refused
{
    public static async Task AssertAsync(HttpResponseMessage response, HttpStatusCode? status = null)
    {
        Assert.Null(await FaultAsync(response, mustRefuse: true));
        if (status is not null)
            Assert.Equal(status, response.StatusCode);
    }

    public static async Task<string?> CodeAsync(HttpResponseMessage response)
    {
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }

    /// <summary>What is wrong with the answer, or null.</summary>
    public static async Task<string?> FaultAsync(HttpResponseMessage response, bool mustRefuse)
    {
        int status = (int)response.StatusCode;
        if (status < 400)
            return mustRefuse ? $"answered {status} instead of refusing" : null;
        string body = await response.Content.ReadAsStringAsync();
        if (status >= 500)
            return $"{status}: {body}";
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{status} without problem details: {response.Content.Headers.ContentType} {body}";
        try
        {
            using JsonDocument problem = JsonDocument.Parse(body);
            return problem.RootElement.TryGetProperty("code", out JsonElement code) && code.GetString() is { Length: > 0 } ? null : $"{status} without a code: {body}";
        }
        catch (JsonException)
        {
            return $"{status} with a body that is not JSON: {body}";
        }
    }
}
