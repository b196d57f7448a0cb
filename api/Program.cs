using Customer360.Api.Endpoints;
using Customer360.Api.Endpoints.Collect;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Silo;

try
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
    builder.AddServerDefaults();
    builder.AddAccess();
    builder.AddCollect();
    builder.AddGridClient();

    WebApplication app = builder.Build();
    app.UseMiddleware<ProblemMiddleware>();
    app.UseCrossOrigin();
    app.UseAccess();
    app.MapCollect();
    app.MapSettings();

    await app.RunAsync();
    return 0;
}
catch (SettingInvalidException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
