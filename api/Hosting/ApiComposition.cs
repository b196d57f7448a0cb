using Customer360.Api.Access;
using Customer360.Api.Accounts;
using Customer360.Api.Attribution;
using Customer360.Api.Audiences;
using Customer360.Api.Audit;
using Customer360.Api.Catalog;
using Customer360.Api.Changes;
using Customer360.Api.Cluster;
using Customer360.Api.Collect;
using Customer360.Api.Consent;
using Customer360.Api.Console;
using Customer360.Api.Contracts;
using Customer360.Api.Destinations;
using Customer360.Api.Docs;
using Customer360.Api.Exports;
using Customer360.Api.Health;
using Customer360.Api.Hosting.Telemetry;
using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Keys;
using Customer360.Api.Leads;
using Customer360.Api.Mcp;
using Customer360.Api.OpenApi;
using Customer360.Api.Policies;
using Customer360.Api.Privacy;
using Customer360.Api.Privacy.OpenDsr;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Quality;
using Customer360.Api.Quarantine;
using Customer360.Api.Queues;
using Customer360.Api.Receipts;
using Customer360.Api.Retention;
using Customer360.Api.Routing;
using Customer360.Api.Security;
using Customer360.Api.Security.Limits;
using Customer360.Api.Security.Tokens;
using Customer360.Api.Segment;
using Customer360.Api.Settings;
using Customer360.Api.Sources;
using Customer360.Api.Webhooks;
using Customer360.Silo.Cluster;
using Customer360.Silo.Hosting;

namespace Customer360.Api.Hosting;

/// <summary>
/// All of the API but the grid behind it. The program and the tests that put other grains behind it are composed here, so
/// what a test sees is what users run.
/// </summary>
public static class ApiComposition
{
    /// <param name="builder">The program's.</param>
    /// <param name="addGrid">Adds what is behind the API, before what needs it: services start in their order.</param>
    public static void AddApi(this WebApplicationBuilder builder, Action<WebApplicationBuilder> addGrid)
    {
        builder.AddServerDefaults();
        addGrid(builder);
        builder.AddTelemetry();
        builder.Services.AddSettings<AccessOptions>(
            builder.Configuration.GetSection(AccessOptions.Section),
            options => options.Problem()
        );
        builder.Services.AddSettings<TokenOptions>(
            builder.Configuration.GetSection(TokenOptions.Section),
            options => options.Problem()
        );
        builder.Services.AddSettings<LimitOptions>(
            builder.Configuration.GetSection(LimitOptions.Section),
            options => options.Problem()
        );
        builder.AddKeys();
        builder.Services.AddAccess();
        builder.Services.AddSettings<CollectOptions>(
            builder.Configuration.GetSection("Customer360:Collect"),
            options => options.Problem()
        );
        builder.AddCollect();
        builder.Services.AddSettings<AuditOptions>(
            builder.Configuration.GetSection(AuditOptions.Section),
            options => options.Problem()
        );
        builder.AddAudit();
        builder.Services.AddSdkSettings();
        builder.Services.AddProfiles();
        builder.Services.AddConsent();
        builder.Services.AddSegmentProfiles();
        builder.Services.AddQuarantine();
        builder.Services.AddDestinationsEndpoints();
        builder.Services.AddLeadRouting();
        builder.Services.AddLeads();
        builder.Services.AddAudiences();
        builder.Services.AddSettings<ChangesOptions>(
            builder.Configuration.GetSection(ChangesOptions.Section),
            options => options.Problem()
        );
        builder.Services.AddChanges();
        builder.Services.AddAttribution();
        builder.Services.AddAccounts();
        builder.Services.AddReceipts();
        builder.Services.AddPoliciesEndpoints();
        builder.Services.AddJobsEndpoints();
        builder.Services.AddRetentionEndpoints();
        builder.Services.AddExportsEndpoints();
        builder.Services.AddPrivacyEndpoints();
        builder.Services.AddOpenDsr();
        builder.Services.AddKeysEndpoints();
        builder.Services.AddWebhooks();
        builder.Services.AddSources();
        builder.Services.AddContracts();
        builder.Services.AddQuality();
        builder.Services.AddCatalog();
        builder.Services.AddQueues();
        builder.Services.AddClusterEndpoints();
        builder.Services.AddSettings<McpOptions>(
            builder.Configuration.GetSection(McpOptions.Section),
            options => options.Problem()
        );
        builder.Services.AddMcp();
        builder.Services.AddSettings<ConsoleOptions>(
            builder.Configuration.GetSection(ConsoleOptions.Section),
            options => options.Problem()
        );
        builder.AddConsole(
            new ConsolePlace(
                DataFolder.Of(builder.Configuration),
                ClusterOperations.HasDashboard(builder.Configuration) ? Dashboard.Path : null
            )
        );
        builder.Services.AddApiDescription();
    }

    /// <summary>The way of a request, and every route.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseRequestIds();
        app.UseSafeHeaders();
        app.UseHeadAsGet();
        app.UseRouting();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouteHeaders();
        app.UseTelemetry();
        app.UseCrossOrigin();
        app.UseSegmentRequestId();
        app.UseMcpGuard();
        app.UseConsoleSessions();
        app.UseKeys();
        app.UseGateQueries();
        app.UseMiddleware<StartGate>();

        app.MapCollect();
        app.MapWebhooks();
        app.MapSettings();
        app.MapProfilesEndpoints();
        app.MapConsentEndpoints();
        app.MapReceiptsEndpoints();
        app.MapAccountsEndpoints();
        app.MapRoutingEndpoints();
        app.MapLeadsEndpoints();
        app.MapAudiencesEndpoints();
        app.MapChangesEndpoints();
        app.MapAttributionEndpoints();
        app.MapQuarantineEndpoints();
        app.MapDestinationsEndpoints();
        app.MapSegmentEndpoints();
        app.MapPoliciesEndpoints();
        app.MapJobsEndpoints();
        app.MapRetentionEndpoints();
        app.MapExportsEndpoints();
        app.MapPrivacyEndpoints();
        app.MapOpenDsr();
        app.MapKeysEndpoints();
        app.MapAuditEndpoints();
        app.MapMcpEndpoints();
        app.MapSourcesEndpoints();
        app.MapContractsEndpoints();
        app.MapQualityEndpoints();
        app.MapCatalogEndpoints();
        app.MapQueuesEndpoints();
        app.MapClusterEndpoints();
        app.MapDashboard();
        app.MapHealthEndpoints();
        app.MapMetricsEndpoint();
        app.MapApiDescription();
        app.MapDocs();
        app.MapConsole();
    }
}
