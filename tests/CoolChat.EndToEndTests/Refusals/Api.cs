using System.Text.Json;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>An operation as the server's own OpenAPI documents tell it, so that a new endpoint can't be forgotten here.</summary>
internal sealed record Operation(HttpMethod Method, string Path, bool NeedsToken, IReadOnlyList<string> PathParameters, IReadOnlyList<string> QueryParameters, IReadOnlyList<string>? BodyProperties)
{
    public override string ToString() => $"{Method} {Path}";

    /// <summary>The path with its parameters filled: given ones, or a new id that nobody has.</summary>
    public string Fill(IReadOnlyDictionary<string, string>? values = null)
    {
        string path = Path;
        foreach (string parameter in PathParameters)
            path = path.Replace($"{{{parameter}}}", Uri.EscapeDataString(values?.GetValueOrDefault(parameter) ?? Otherwise(parameter)), StringComparison.Ordinal);
        return path.TrimStart('/');
    }

    private static string Otherwise(string parameter) => parameter switch
    {
        "number" => "1",
        "key" => "x",
        _ => Guid.CreateVersion7().ToString(),
    };
}

/// <summary>All operations of a server.</summary>
internal static class Api
{
    private static readonly string[] Documents = ["user", "chat", "media"];
    private static readonly string[] Verbs = ["get", "post", "put", "patch", "delete"];

    public static async Task<IReadOnlyList<Operation>> DiscoverAsync(HttpClient http)
    {
        List<Operation> operations = [];
        foreach (string name in Documents)
        {
            using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync(new Uri($"openapi/{name}.json", UriKind.Relative)));
            foreach (JsonProperty path in document.RootElement.GetProperty("paths").EnumerateObject())
            {
                foreach (JsonProperty verb in path.Value.EnumerateObject().Where(verb => Verbs.Contains(verb.Name)))
                    operations.Add(Read(document.RootElement, path.Name, verb));
            }
        }
        return operations;
    }

    private static Operation Read(JsonElement document, string path, JsonProperty verb)
    {
        List<(string In, string Name)> parameters = [];
        if (verb.Value.TryGetProperty("parameters", out JsonElement listed))
            parameters.AddRange(listed.EnumerateArray().Select(parameter => (parameter.GetProperty("in").GetString()!, parameter.GetProperty("name").GetString()!)));
        return new Operation(
            new HttpMethod(verb.Name.ToUpperInvariant()),
            path,
            verb.Value.TryGetProperty("security", out JsonElement security) && security.GetArrayLength() > 0,
            [.. parameters.Where(parameter => parameter.In == "path").Select(parameter => parameter.Name)],
            [.. parameters.Where(parameter => parameter.In == "query").Select(parameter => parameter.Name)],
            Properties(document, verb.Value));
    }

    /// <summary>Names of the JSON body's members; null when it takes no JSON.</summary>
    private static IReadOnlyList<string>? Properties(JsonElement document, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out JsonElement body) || !body.GetProperty("content").TryGetProperty("application/json", out JsonElement json))
            return null;
        if (!json.TryGetProperty("schema", out JsonElement schema))
            return [];
        if (schema.TryGetProperty("$ref", out JsonElement reference))
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        return schema.TryGetProperty("properties", out JsonElement properties) ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];
    }
}
