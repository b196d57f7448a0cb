using Customer360.Api.Endpoints;
using Customer360.Api.Endpoints.Collect;
using Customer360.Api.Endpoints.Receipts;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Telemetry;
using Customer360.Silo;

try
{
    // Settings are read at the start. Watching their files would watch the whole folder, the data in it, too: each write
    // of the database would wake the watcher (5 % of the processor under load).
    WebApplicationBuilder builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
    builder.AddServerDefaults();
    builder.AddTelemetry();
    builder.AddAccess();
    builder.AddCollect();
    builder.Services.AddProfiles();
    builder.Services.AddSegmentProfiles();
    builder.Services.AddQuarantine();
    builder.Services.AddIdentityRulesEndpoints();
    builder.Services.AddJobsEndpoints();
    builder.Services.AddApiDescription();
    builder.AddGridClient();

    WebApplication app = builder.Build();
    app.UseMiddleware<ProblemMiddleware>();
    app.UseTelemetry();
    app.UseCrossOrigin();
    app.UseSegmentRequestId();
    app.UseAccess();

    app.MapCollect();
    app.MapSettings();
    app.MapProfilesEndpoints();
    app.MapReceiptsEndpoints();
    app.MapAccountsEndpoints();
    app.MapQuarantineEndpoints();
    app.MapMastershipEndpoints();
    app.MapSegmentEndpoints();
    app.MapIdentityRulesEndpoints();
    app.MapJobsEndpoints();
    app.MapHealthEndpoints();
    app.MapMetricsEndpoint();
    app.MapApiDescription();

    await app.RunAsync();
    return 0;
}
catch (SettingInvalidException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
