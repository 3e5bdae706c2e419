using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace CoolChat.ServiceDefaults.OpenApi;

/// <summary>One OpenAPI document a service whose API is public; an endpoint belongs to the one that its path begins with.</summary>
internal static class OpenApiDocuments
{
    private const string Bearer = "bearer";

    /// <summary>Name of the document, title, further paths.</summary>
    private static readonly (string Name, string Title, string[] Paths)[] Documents =
    [
        ("user", "CoolChat: identity, profiles, contacts", ["user/", ".well-known/"]),
        ("chat", "CoolChat: conversations", ["chat/"]),
        ("media", "CoolChat: media", ["media/", "media"]),
    ];

    public static void AddOpenApiDocuments(this IServiceCollection services)
    {
        foreach ((string name, string title, string[] paths) in Documents)
        {
            services.AddOpenApi(name, options =>
            {
                options.ShouldInclude = api => paths.Any(path => (api.RelativePath ?? "").StartsWith(path, StringComparison.OrdinalIgnoreCase));
                options.AddDocumentTransformer((document, _, _) => Describe(document, title));
                options.AddOperationTransformer(DescribeOperation);
                options.AddSchemaTransformer(DescribeTime);
            });
        }
    }

    private static Task Describe(OpenApiDocument document, string title)
    {
        document.Info = new OpenApiInfo { Title = title, Version = "1" };
        // The host that happened to generate the document is nobody's business.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Bearer, BearerFormat = "JWT" },
        };
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        operation.Responses.TryAdd("default", new OpenApiResponse
        {
            Description = "Problem details (RFC 9457) with a stable code.",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = ProblemSchema() } },
        });
        if (RequiresToken(context.Description))
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>The generator can't see into a converter: it knows the format, but not that a time is written as a string.</summary>
    private static Task DescribeTime(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(DateTimeOffset))
            schema.Type = JsonSchemaType.String;
        else if (context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        return Task.CompletedTask;
    }

    private static bool RequiresToken(ApiDescription api) =>
        api.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any()
        && !api.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "status", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["field"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["retryAfter"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
        },
    };
}
