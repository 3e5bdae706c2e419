using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CoolChat.FaultTests.Cluster;

/// <summary>The queue of what could not be processed, by RabbitMQ's management API, which looks into the queue itself.</summary>
internal static class DeadLetters
{
    public static async Task<bool> AreNoneAsync(Uri management)
    {
        using HttpClient http = new() { BaseAddress = new Uri(management.GetLeftPart(UriPartial.Authority)) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(management.UserInfo)));
        using HttpResponseMessage answer = await http.PostAsJsonAsync(
            new Uri("/api/queues/%2F/coolchat.dead/get", UriKind.Relative), new { count = 1, ackmode = "ack_requeue_true", encoding = "auto" });
        answer.EnsureSuccessStatusCode();
        JsonElement messages = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return messages.GetArrayLength() == 0;
    }
}
