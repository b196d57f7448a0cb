using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Policies;

/// <summary>Reads and changes policies, whatever their kind.</summary>
/// <remarks>
/// A file is read here before its grain is asked, so that the caller is told every fault; what is not valid changes nothing.
/// This node follows a change at once, the others within a second.
/// </remarks>
internal sealed class PoliciesHandler(
    IGrainFactory grains,
    PolicyKinds kinds,
    IPolicyNode node,
    JobsHandler jobs,
    TimeProvider time
)
{
    private const int CommandBytesMax = 4 * 1024;
    private const string Yaml = "application/yaml";

    private static readonly TimeSpan s_bodyTimeMax = TimeSpan.FromSeconds(30);
    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    public async Task<Answer<PolicyKindsAnswer>> List()
    {
        List<PolicyKindAnswer> policies = [];
        foreach (PolicyKind kind in kinds.All)
        {
            IPolicyGrain owner = OwnerOf(kind);
            PolicyVersion current = await owner.GetCurrent() ?? BuiltIn(kind);
            policies.Add(new PolicyKindAnswer(kind, current, (await owner.GetProposals()).Length));
        }

        return new(new PolicyKindsAnswer(policies));
    }

    public async Task<Results<Answer<PolicyAnswer>, TextAnswer, ProblemResult>> Get(
        string kind,
        QueryText version,
        HttpContext context
    )
    {
        if (kinds.Find(kind) is not { } policy)
        {
            return new ProblemResult(new NotFound("kind of policy"));
        }

        IPolicyGrain owner = OwnerOf(policy);
        PolicyVersion? found = version.Value is { } wanted ? await owner.Find(wanted) : await owner.GetCurrent();
        if (found is null && BuiltIn(policy) is { } builtIn && (version.Value ?? builtIn.Version) == builtIn.Version)
        {
            found = builtIn;
        }

        if (found is null)
        {
            return new ProblemResult(new NotFound("version of the policy"));
        }

        context.Response.Headers.Vary = "Accept";
        return WantsYaml(context.Request)
            ? new TextAnswer(found.Text, Yaml) { ETag = TagOf(found.Version) }
            : Tagged(await Show(policy, found));
    }

    public async Task<Results<Answer<PolicyHistoryAnswer>, ProblemResult>> GetHistory(string kind, PageAsked asked)
    {
        if (kinds.Find(kind) is not { } policy)
        {
            return new ProblemResult(new NotFound("kind of policy"));
        }

        Outcome<PolicyHistoryQuery> query = QueryOf(asked);
        return query.Succeeded
            ? new Answer<PolicyHistoryAnswer>(PolicyHistoryAnswer.From(await OwnerOf(policy).GetHistory(query.Value)))
            : new ProblemResult(query.Refusal);
    }

    public async Task<Results<Answer<PolicyAnswer>, AcceptedAnswer<PolicyProposalAnswer>, ProblemResult>> Put(
        string kind,
        HttpRequest request,
        CallerName caller
    )
    {
        Outcome<PolicySent> sent = await ReadPolicy(kind, request);
        if (!sent.Succeeded)
        {
            return new ProblemResult(sent.Refusal);
        }

        PolicyKind policy = sent.Value.Kind;
        PolicyReply reply = await OwnerOf(policy)
            .Put(new PolicyPut(sent.Value.Text, caller.Text, PolicyAction.Put, IfMatch(request)));
        if (reply is { Objection: null, Proposed: { } proposed })
        {
            return Accepted(proposed);
        }

        Outcome<PolicyAnswer> inForce = await Follow(policy, reply);
        return inForce.Succeeded ? Tagged(inForce.Value) : new ProblemResult(inForce.Refusal);
    }

    /// <summary>Never puts anything in force, whatever the kind: somebody else has to approve it.</summary>
    public async Task<Results<Answer<PolicyAnswer>, AcceptedAnswer<PolicyProposalAnswer>, ProblemResult>> Propose(
        string kind,
        HttpRequest request,
        CallerName caller
    )
    {
        Outcome<PolicySent> sent = await ReadPolicy(kind, request);
        if (!sent.Succeeded)
        {
            return new ProblemResult(sent.Refusal);
        }

        PolicyReply reply = await OwnerOf(sent.Value.Kind)
            .Propose(new PolicyPut(sent.Value.Text, caller.Text, PolicyAction.Put, IfMatch(request)));
        if (reply is { Objection: null, Proposed: { } proposed })
        {
            return Accepted(proposed);
        }

        Outcome<PolicyAnswer> inForce = await Follow(sent.Value.Kind, reply);
        return inForce.Succeeded ? Tagged(inForce.Value) : new ProblemResult(inForce.Refusal);
    }

    /// <summary>The same of a text, with how it differs from what is in force.</summary>
    /// <param name="replaces">Only if this version is in force; null: whatever is.</param>
    /// <returns>A proposal of null: the text is in force already.</returns>
    public async Task<Outcome<(PolicyProposalAnswer? Proposal, PolicyComparisonAnswer Comparison)>> ProposeText(
        string kindName,
        string text,
        string by,
        string? replaces
    )
    {
        Outcome<PolicySent> sent = ReadPolicy(kindName, text);
        if (!sent.Succeeded)
        {
            return sent.Refusal;
        }

        PolicyKind kind = sent.Value.Kind;
        PolicyComparisonAnswer comparison = await Compare(sent.Value);
        PolicyReply reply = await OwnerOf(kind)
            .Propose(new PolicyPut(text, by, PolicyAction.Put, replaces is null ? [] : [replaces]));
        return reply.Objection is { } objection
            ? PoliciesRefusals.Of(objection)
            : (reply.Proposed is { } proposed ? PolicyProposalAnswer.From(proposed) : null, comparison);
    }

    public async Task<Results<Answer<PolicyComparisonAnswer>, ProblemResult>> Validate(string kind, HttpRequest request)
    {
        Outcome<PolicySent> sent = await ReadPolicy(kind, request);
        return sent.Succeeded
            ? new Answer<PolicyComparisonAnswer>(await Compare(sent.Value))
            : new ProblemResult(sent.Refusal);
    }

    /// <summary>By a job where the kind has one; else all that is known before it counts is how it differs.</summary>
    public async Task<Results<Answer<PolicyComparisonAnswer>, AcceptedAnswer<JobAnswer>, ProblemResult>> DryRun(
        string kind,
        HttpRequest request,
        CallerName caller
    )
    {
        Outcome<PolicySent> sent = await ReadPolicy(kind, request);
        if (!sent.Succeeded)
        {
            return new ProblemResult(sent.Refusal);
        }

        if (sent.Value.Kind.Trial != PolicyTrial.Job)
        {
            return new Answer<PolicyComparisonAnswer>(await Compare(sent.Value));
        }

        Outcome<JobAnswer> job = await jobs.StartDryRun(caller, sent.Value.Text);
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }

    public async Task<Results<Answer<PolicyAnswer>, ProblemResult>> Approve(
        string kind,
        HttpRequest request,
        CallerName caller
    )
    {
        if (kinds.Find(kind) is not { } policy)
        {
            return new ProblemResult(new NotFound("kind of policy"));
        }

        Outcome<PolicyApproval> body = await JsonBody.ReadAsync(request, CommandBytesMax, ReadApproval);
        if (!body.Succeeded)
        {
            return new ProblemResult(body.Refusal);
        }

        PolicyReply reply = await OwnerOf(policy)
            .Approve(new PolicyApprove(body.Value.Version, body.Value.Replaces, caller.Text, IfMatch(request)));
        Outcome<PolicyAnswer> inForce = await Follow(policy, reply);
        return inForce.Succeeded ? Tagged(inForce.Value) : new ProblemResult(inForce.Refusal);
    }

    public async Task<Results<Answer<PolicyAnswer>, ProblemResult>> RollBack(
        string kind,
        HttpRequest request,
        CallerName caller
    )
    {
        if (kinds.Find(kind) is not { } policy)
        {
            return new ProblemResult(new NotFound("kind of policy"));
        }

        Outcome<PolicyReturn> body = await JsonBody.ReadAsync(request, CommandBytesMax, ReadReturn);
        if (!body.Succeeded)
        {
            return new ProblemResult(body.Refusal);
        }

        PolicyReply reply = await OwnerOf(policy)
            .RollBack(new PolicyRevert(body.Value.Version, caller.Text, IfMatch(request)));
        Outcome<PolicyAnswer> inForce = await Follow(policy, reply);
        return inForce.Succeeded ? Tagged(inForce.Value) : new ProblemResult(inForce.Refusal);
    }

    private IPolicyGrain OwnerOf(PolicyKind kind) => grains.GetGrain<IPolicyGrain>(kind.Name);

    private PolicyVersion BuiltIn(PolicyKind kind) =>
        new(
            kind.Name,
            Number: 0,
            kinds.BuiltIn(kind).Version!,
            kind.BuiltIn,
            At: default,
            By: "",
            PolicyAction.BuiltIn,
            Replaces: ""
        );

    /// <summary>Has this node decide by what is in force after a change.</summary>
    private async Task<Outcome<PolicyAnswer>> Follow(PolicyKind kind, PolicyReply reply)
    {
        if (reply.Objection is { } objection)
        {
            return PoliciesRefusals.Of(objection);
        }

        if (reply.Current is not null)
        {
            node.Follow(reply.Current);
        }

        // Null where what was built in all along is asked for.
        return await Show(kind, reply.Current ?? BuiltIn(kind));
    }

    private async Task<PolicyAnswer> Show(PolicyKind kind, PolicyVersion version) =>
        new(version, kinds.Read(kind, version.Text), await OwnerOf(kind).GetProposals());

    private static Answer<PolicyAnswer> Tagged(PolicyAnswer policy) => new(policy) { ETag = TagOf(policy.Version) };

    private static AcceptedAnswer<PolicyProposalAnswer> Accepted(PolicyVersion proposed) =>
        new($"/v1/policies/{proposed.Kind}?version={proposed.Version}", PolicyProposalAnswer.From(proposed));

    private static string TagOf(string version) => $"\"{version}\"";

    private async Task<PolicyComparisonAnswer> Compare(PolicySent sent)
    {
        PolicyVersion current = await OwnerOf(sent.Kind).GetCurrent() ?? BuiltIn(sent.Kind);
        PolicyReading inForce = kinds.Read(sent.Kind, current.Text);
        return PolicyComparisonAnswer.From(current.Version, inForce, sent.Reading);
    }

    /// <summary>The file of the body; refused with every fault where it is not valid.</summary>
    private async Task<Outcome<PolicySent>> ReadPolicy(string kindName, HttpRequest request)
    {
        if (kinds.Find(kindName) is not { } kind)
        {
            return new NotFound("kind of policy");
        }

        // A character has up to four bytes.
        var limits = new BodyLimits(4 * kind.CharactersMax, s_bodyTimeMax);
        Outcome<RequestBody> body = await RequestBody.ReadAsync(request, limits, time);
        if (!body.Succeeded)
        {
            return body.Refusal;
        }

        using RequestBody bytes = body.Value;
        try
        {
            return ReadPolicy(kindName, s_strict.GetString(bytes.Bytes.Span));
        }
        catch (DecoderFallbackException)
        {
            return new PolicyInvalid([new ConfigFault(0, "file", "It must be UTF-8.")]);
        }
    }

    private Outcome<PolicySent> ReadPolicy(string kindName, string text)
    {
        if (kinds.Find(kindName) is not { } kind)
        {
            return new NotFound("kind of policy");
        }

        PolicyReading reading = kinds.Read(kind, text);
        return reading.IsValid ? new PolicySent(kind, text, reading) : new PolicyInvalid(reading.Faults);
    }

    private static Outcome<PolicyReturn> ReadReturn(JsonElement body) =>
        ReadText(body, "version") is { } version
            ? new PolicyReturn(version)
            : new BodyNotJson("an object with the version, a text");

    private static Outcome<PolicyApproval> ReadApproval(JsonElement body) =>
        ReadText(body, "version") is { } version && ReadText(body, "replaces") is { } replaces
            ? new PolicyApproval(version, replaces)
            : new BodyNotJson("an object with the version and the version that it replaces, both texts");

    /// <exception cref="InvalidOperationException">It holds half a surrogate pair; the reader of bodies refuses it.</exception>
    private static string? ReadText(JsonElement body, string name)
    {
        string? found = null;
        if (body.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in body.EnumerateObject())
            {
                // The name is read of members that say nothing here, too: one that is no text is told, not passed over.
                found =
                    member.Name == name && member.Value.ValueKind == JsonValueKind.String
                        ? member.Value.GetString()
                        : found;
            }
        }

        return found;
    }

    private static Outcome<PolicyHistoryQuery> QueryOf(PageAsked asked)
    {
        if (!asked.Limit.Succeeded)
        {
            return asked.Limit.Refusal;
        }

        if (asked.Cursor is null)
        {
            return new PolicyHistoryQuery(BeforeNumber: null, asked.Limit.Value);
        }

        return long.TryParse(asked.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out long before)
            ? new PolicyHistoryQuery(before, asked.Limit.Value)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    /// <summary>
    /// The versions that <c>If-Match</c> names (RFC 9110, 13.1.1: compared strongly); empty where it is absent or allows
    /// any.
    /// </summary>
    private static ImmutableArray<string> IfMatch(HttpRequest request)
    {
        string? header = request.Headers.IfMatch;
        if (header is null || header.Trim() == "*")
        {
            return [];
        }

        // A tag that is none, or a weak one, stays as it is and so matches no version.
        return
        [
            .. header
                .Split(',', StringSplitOptions.TrimEntries)
                .Select(tag => tag is ['"', .. var version, '"'] ? version : $"({tag})"),
        ];
    }

    private static bool WantsYaml(HttpRequest request) =>
        request.Headers.Accept.Any(line => line?.Contains(Yaml, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>A file that may be put in force.</summary>
    private sealed record PolicySent(PolicyKind Kind, string Text, PolicyReading Reading);
}
