using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>Jobs about rules: what follows a dry run, and what follows that.</summary>
public sealed partial class JobGrain
{
    private const int ForeseenPage = 500;

    /// <summary>A place in the journal is a page and a step in it, in one number.</summary>
    private const int PageStride = 32;

    public async Task Follow(string jobId)
    {
        State.FollowedBy = jobId;
        await Save();
    }

    public Task<JobRules?> GetRules() =>
        Task.FromResult(State.Kind is null ? null : new JobRules(State.Yaml, State.FormerYaml));

    public async Task<JobStepsPage> GetSteps(JobAffectedQuery query)
    {
        if (State.Kind is not (JobKind.CutOver or JobKind.RollBack))
        {
            return new JobStepsPage(null, [], null);
        }

        var journal = new StepJournal(states, this.GetPrimaryKeyString());
        (int page, int from) = (query.After / PageStride, query.After % PageStride);
        var found = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        ImmutableArray<CutOverStep>? steps;
        while ((steps = await journal.Read(page)) is { } some)
        {
            foreach (CutOverStep step in some.Skip(from))
            {
                if (found.Count == query.Limit)
                {
                    return new JobStepsPage(View(), found.ToImmutable(), (page * PageStride) + from);
                }

                found.Add(Json(step));
                from++;
            }

            (page, from) = (page + 1, 0);
        }

        return new JobStepsPage(View(), found.ToImmutable(), null);
    }

    private async Task<IJobWork?> AboutRules(JobTools tools, IdentityRules rules)
    {
        if (State.Kind == JobKind.DryRun)
        {
            return new DryRunWork(tools, rules, source.Current);
        }

        if (kinds.Read<IdentityRules>(State.FormerYaml!).Version is not { } former)
        {
            return null;
        }

        var change = new RulesChange(tools, source, policies);
        var cutOver = new CutOver(this.GetPrimaryKeyString(), State.Of!, State.By, State.Yaml!, former);
        return State.Kind == JobKind.CutOver
            ? new CutOverWork(tools, change, rules, cutOver, await Foreseen(State.Of!))
            : new RollBackWork(tools, change, rules, cutOver, State.Of!);
    }

    /// <summary>The customers that the dry run named; null where it could not keep all.</summary>
    private async Task<ImmutableHashSet<string>?> Foreseen(string dryRunId)
    {
        IJobGrain dryRun = GrainFactory.GetGrain<IJobGrain>(dryRunId);
        var named = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        int? after = 0;
        while (after is { } from)
        {
            JobAffectedPage page = await dryRun.GetAffected(new JobAffectedQuery(from, ForeseenPage));
            foreach (ReadOnlyMemory<byte> customer in page.Customers)
            {
                using JsonDocument document = JsonDocument.Parse(customer);
                named.Add(document.RootElement.GetProperty("customerId"u8).GetString()!);
            }

            after = page.Next;
        }

        using JsonDocument result = JsonDocument.Parse((await dryRun.Get())!.ResultJson);
        return result.RootElement.GetProperty("affected"u8).GetInt32() > named.Count ? null : named.ToImmutable();
    }

    private static byte[] Json(CutOverStep step)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        step.Write(writer, isPublic: true);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
