using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Leads;

/// <summary>Leads: which there are, why each is where it is, and what sales people say of them.</summary>
public static class LeadsEndpoints
{
    public static void AddLeads(this IServiceCollection services)
    {
        services.AddSingleton<LeadsHandler>();
        services.AddSingleton<LeadOrdersHandler>();
        services.AddSingleton<FairnessHandler>();
        services.AddSingleton<SalesTeamHandler>();
        services.AddPayloads(LeadsJson.Default);
    }

    public static void MapLeadsEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        LeadsHandler leads = services.GetRequiredService<LeadsHandler>();
        LeadOrdersHandler orders = services.GetRequiredService<LeadOrdersHandler>();
        routes.MapGet("/v1/leads", leads.List).RequireTask(RoleTasks.Leads).Describe(LeadsDescriptions.List);
        routes
            .MapGet("/v1/leads/{leadId}", (Delegate)leads.Get)
            .RequireTask(RoleTasks.Leads)
            .Describe(LeadsDescriptions.Get);
        routes
            .MapGet("/v1/leads/{leadId}/explain", (Delegate)leads.Explain)
            .RequireTask(RoleTasks.Leads)
            .BehindGate()
            .Describe(LeadsDescriptions.Explain);
        routes
            .MapPost("/v1/leads/{leadId}:accept", (Delegate)orders.Accept)
            .RequireTask(RoleTasks.Leads)
            .Describe(LeadsDescriptions.Accept);
        routes
            .MapPost("/v1/leads/{leadId}:reject", (Delegate)orders.Reject)
            .RequireTask(RoleTasks.Leads)
            .Describe(LeadsDescriptions.Reject);
        routes
            .MapPost("/v1/leads/{leadId}:reassign", (Delegate)orders.Reassign)
            .RequireTask(RoleTasks.Leads)
            .Describe(LeadsDescriptions.Reassign);
        routes
            .MapPost("/v1/leads/{leadId}:close", (Delegate)orders.Close)
            .RequireTask(RoleTasks.Leads)
            .Describe(LeadsDescriptions.Close);
        routes
            .MapGet("/v1/routing/fairness", (Delegate)services.GetRequiredService<FairnessHandler>().Get)
            .RequireTask(RoleTasks.Leads)
            .Describe(LeadsDescriptions.Fairness);
        SalesTeamHandler team = services.GetRequiredService<SalesTeamHandler>();
        routes
            .MapGet("/v1/sales-team", (Delegate)team.Get)
            .RequireTask(RoleTasks.Leads)
            .Describe(LeadsDescriptions.Team);
        routes
            .MapPut("/v1/sales-team", (Delegate)team.Put)
            .RequireRole(Roles.Admin)
            .Describe(LeadsDescriptions.PutTeam);
    }
}
