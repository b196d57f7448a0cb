using Customer360.Silo;
using Microsoft.Extensions.Hosting;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.AddGridSilo();
await builder.Build().RunAsync();
