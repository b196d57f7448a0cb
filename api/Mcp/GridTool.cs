using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Configuration;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Customer360.Api.Mcp;

/// <summary>
/// A tool for agents. What a tool answers comes from the handlers and the gate of the HTTP path beside it: a tool has no rule of its
/// own. Here a call is let in, its arguments are checked, and what comes out is put into the envelope, or told as an error that
/// the agent can mend.
/// </summary>
internal abstract class GridTool(ToolDescription description) : McpServerTool
{
    private const int FaultsMax = 20;

    /// <summary>One answer for what does not exist and for what the caller may not see, so that nobody learns which it is.</summary>
    internal const string NothingThere =
        "There is nothing here that you may see: it does not exist, or the key's roles do not show it for this purpose.";

    public sealed override Tool ProtocolTool { get; } = description.ToProtocol();

    public sealed override IReadOnlyList<object> Metadata => [];

    public sealed override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        HttpContext context = request.Services!.GetRequiredService<McpRequest>().Context;
        try
        {
            Outcome<CallToolResult> answer = await Answer(context, request.Params?.Arguments, cancellationToken);
            return answer.Succeeded ? answer.Value : ErrorOf(answer.Refusal);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Problem problem = ProblemOf.Exception(exception);
            new ProblemLog(context.RequestServices.GetRequiredService<ILogger<ProblemMiddleware>>()).Write(
                context,
                problem,
                exception
            );
            return Error(problem.Code, problem.Detail, problem.RetryAfterSeconds);
        }
    }

    /// <summary>Asks whoever knows. The call is let in, and its arguments are what <see cref="ToolDescription"/> says.</summary>
    protected abstract Task<Outcome<ToolData>> Ask(ToolCall call);

    private async Task<Outcome<CallToolResult>> Answer(
        HttpContext context,
        IDictionary<string, JsonElement>? sent,
        CancellationToken aborted
    )
    {
        ApiKey caller = Caller.Of(context);
        AccessTables tables = context.RequestServices.GetRequiredService<AccessTables>();
        if (!MayCall(caller, tables))
        {
            return new RoleMissing();
        }

        Outcome<ToolArguments> arguments = ToolArguments.Read(description.AllParameters, sent);
        if (!arguments.Succeeded)
        {
            return arguments.Refusal;
        }

        string? pinned = GateQueries.PurposeOf(context);
        string? stated = arguments.Value.Text(ToolDescription.Purpose.Name);
        if (pinned is not null && stated is not null && pinned != stated)
        {
            return new ParameterInvalid(GateQueries.Purpose, $"this connection is for {pinned} alone");
        }

        var asker = new Asker(caller, new Purpose(stated ?? pinned));

        // Also where the answer tells nothing of a person: a purpose that is not the caller's is refused everywhere.
        Outcome<AccessRight> right = tables.Decide(asker.Roles, asker.Purpose);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<ToolData> data = await Ask(new ToolCall(asker, arguments.Value, right.Value, aborted));
        if (!data.Succeeded)
        {
            return data.Refusal;
        }

        int bytesMax = context.RequestServices.GetRequiredService<McpOptions>().AnswerBytesMax;
        return ToolEnvelope.Of(data.Value, right.Value.Purpose ?? asker.Purpose.Name, bytesMax);
    }

    private bool MayCall(ApiKey caller, AccessTables tables) =>
        description.IsForAdministrators ? caller.May(Roles.Admin)
        : description.Task != RoleTasks.None ? tables.MayDo(Asker.Of(caller).Roles, description.Task)
        : caller.May(Roles.Read);

    private static CallToolResult ErrorOf(Refusal refusal)
    {
        if (refusal is NotFound or AccessWithheld or MergeUnknown)
        {
            return Error("not_found", NothingThere, retryAfterSeconds: 0);
        }

        if (refusal is PurposeMissing missing)
        {
            // Its own words speak of the address of an HTTP path.
            return Error(
                missing.Code,
                $"Say what the data is for, with the argument purpose. The key's: {missing.Own}.",
                retryAfterSeconds: 0
            );
        }

        Problem problem = ProblemOf.Refusal(refusal);
        return Error(problem.Code, problem.Detail, problem.RetryAfterSeconds, problem.Faults);
    }

    private static CallToolResult Error(
        string code,
        string text,
        int retryAfterSeconds,
        ImmutableArray<ConfigFault> faults = default
    )
    {
        var words = new StringBuilder(text).Append(" (").Append(code).Append(')');
        if (retryAfterSeconds > 0)
        {
            words.Append(CultureInfo.InvariantCulture, $" Try again in {retryAfterSeconds} s.");
        }

        foreach (ConfigFault fault in faults.IsDefault ? [] : faults.Take(FaultsMax))
        {
            words.Append(CultureInfo.InvariantCulture, $"\nLine {fault.Line}, {fault.Rule}: {fault.Message}");
        }

        return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = words.ToString() }] };
    }
}

/// <summary>A call that was let in.</summary>
/// <param name="Right">What the caller sees at most for the purpose.</param>
/// <param name="Aborted">The caller has gone away.</param>
internal sealed record ToolCall(Asker Asker, ToolArguments Arguments, AccessRight Right, CancellationToken Aborted)
{
    /// <summary>What is kept from the caller whoever is asked for; null: nothing.</summary>
    public byte[]? Listing => Right.Fields.Table?.Listing();
}

/// <summary>The HTTP request that a call came with; the protocol's library hands on the services of its scope alone.</summary>
internal sealed class McpRequest
{
    private HttpContext? _context;

    public HttpContext Context
    {
        get => _context ?? throw new InvalidOperationException("No request of /mcp began this scope.");
        set => _context = value;
    }
}
