using CoolChat.AppHost;

const string StandaloneSwitch = "--standalone";

var builder = DistributedApplication.CreateBuilder([.. args.Where(arg => arg != StandaloneSwitch)]);
if (args.Contains(StandaloneSwitch) || builder.Configuration["Shape"] == "standalone")
{
    builder.AddStandalone();
}
else
{
    builder.AddCluster();
}

builder.Build().Run();
