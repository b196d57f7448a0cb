using Customer360.Api.Endpoints;
using Customer360.Api.Problems;
using Customer360.Api.Security;

try
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
    builder.AddServerDefaults();
    builder.AddAccess();

    WebApplication app = builder.Build();
    app.UseMiddleware<ProblemMiddleware>();
    app.UseAccess();

    await app.RunAsync();
    return 0;
}
catch (SettingInvalidException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
