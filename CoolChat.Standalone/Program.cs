var app = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder(args).Build();
app.MapGet("/alive", () => Microsoft.AspNetCore.Http.TypedResults.Ok());
await app.RunAsync();
