using CoolChat.AppHost;

const string StandaloneSwitch = "--standalone";

var builder = DistributedApplication.CreateBuilder([.. args.Where(arg => arg != StandaloneSwitch)]);
if (builder.ExecutionContext.IsPublishMode)
{
    throw new DistributedApplicationException("There is no chart yet: chat and processing are no services of their own so far.");
}

if (args.Contains(StandaloneSwitch) || builder.Configuration["Shape"] == "standalone")
{
    builder.AddStandalone();
}
else
{
    builder.AddCluster();
}

builder.Build().Run();
