using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Customer360.Silo.Telemetry;
using Microsoft.Extensions.Hosting;

if (args is [HealthCommand.Name])
{
    return await HealthCommand.RunAsync();
}

try
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.AddGridLogging();
    builder.AddGridTelemetry();
    builder.RequireCluster();
    builder.AddGridSilo();
    builder.StartGridInBackground();
    builder.AddHealthPort();
    IHost host = builder.Build();
    await host.RunGridAsync(host.SayStarted);
    return 0;
}
catch (Exception exception) when (StartRefusal.Of(exception) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return 1;
}
