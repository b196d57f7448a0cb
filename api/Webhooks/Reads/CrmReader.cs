using System.Collections.Immutable;
using Customer360.Api.Collect;
using Customer360.Grains.Contracts;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Api.Webhooks.Reads;

/// <summary>
/// Reads what the backlogs of sources ask for, from their CRMs: a step takes requests, asks the CRM, stores what it says as a webhook's
/// messages are stored, and only then ends the requests. Whatever a step is broken off at, it is done again, and every message has an
/// id by which the repeat is recognised.
/// </summary>
/// <remarks>
/// A loop for each source that has a token; so one CRM that does not answer holds up no other. Which process reads is decided by the
/// source's grain, which gives its requests to one at a time and says when it is time again, also after a restart.
/// </remarks>
internal sealed partial class CrmReader(
    CrmSettings settings,
    CrmClient client,
    IPolicy<SourcesPolicy> sources,
    IGrainFactory grains,
    WebhookIntake intake,
    TimeProvider time,
    ILogger<CrmReader> logger
) : BackgroundService
{
    /// <summary>How often a backlog is asked for requests, while it had none.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_afterOutage = TimeSpan.FromSeconds(5);

    /// <summary>Between two calls: HubSpot takes five searches a second, and others use its limits, too.</summary>
    private static readonly TimeSpan s_betweenCalls = TimeSpan.FromMilliseconds(200);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(settings.Sources.Select(one => Read(one.Key, one.Value, stoppingToken)));

    private async Task Read(string setting, CrmAccess access, CancellationToken stop)
    {
        var state = new Reading(access);
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    while (await Step(setting, state, stop))
                    {
                        // There may be more.
                    }
                }
                catch (Exception error) when (!stop.IsCancellationRequested)
                {
                    // The grid or its store is away, or starts. What was taken is given to this reader again.
                    NotRead(logger, setting, error.GetType().Name);
                    state.IsStart |= state.HasTaken;
                    state.HasTaken = false;
                    await Task.Delay(s_afterOutage, time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    /// <summary>Does a step; false where there is nothing to be done now.</summary>
    private async Task<bool> Step(string setting, Reading state, CancellationToken stop)
    {
        if (
            sources.Current.Sources.Values.FirstOrDefault(one =>
                one.Name.Equals(setting, StringComparison.OrdinalIgnoreCase)
            )
                is not { } source
            || state.Access.AddressFor(source.Kind) is not { } address
            || source.Kind == SourceKind.Mapped
        )
        {
            return false;
        }

        IWebhookGrain grain = grains.GetGrain<IWebhookGrain>(source.Name);
        ReadOnlyMemory<byte> taken = await grain.TakeReads(state.IsStart);
        state.IsStart = false;
        if (taken.IsEmpty)
        {
            return false;
        }

        state.HasTaken = true;
        WebhookBacklog backlog = WebhookBacklogJson.Read(taken);
        ReadReport report = await Do(source, backlog, address, state, stop);
        await grain.EndReads(ReadJson.Write(report));
        state.HasTaken = false;
        WebhookInstruments.CountReads(source.Name, report);
        return report.Failure is null;
    }

    /// <summary>Does a step, and what has to be known before it.</summary>
    private async Task<ReadReport> Do(
        WebhookSource source,
        WebhookBacklog backlog,
        Uri address,
        Reading state,
        CancellationToken stop
    )
    {
        while (ReadPlan.Next(source, backlog, state.Knowledge) is { } step)
        {
            while (step.Call is { } call)
            {
                step = step.With(await client.Send(address, state.Access.Token, call, stop));
                await Task.Delay(s_betweenCalls, time, stop);
            }

            if (step.Report.Failure is { Fault: ReadFault.RequestRefused or ReadFault.PermissionMissing })
            {
                // The CRM may have other fields, or other rights, than were known.
                state.Knowledge = CrmKnowledge.None;
            }

            if (step.Knowledge is not { } knowledge)
            {
                return await Store(source, step);
            }

            state.Knowledge = knowledge;
        }

        return new ReadReport();
    }

    /// <summary>Stores what was read; what could not be stored is asked for again.</summary>
    private async Task<ReadReport> Store(WebhookSource source, ReadStep step)
    {
        CrmMessage[] messages = [.. step.Findings.SelectMany(finding => finding.Messages)];
        Outcome<ImmutableArray<CollectReceipt>> stored;
        try
        {
            stored = await intake.StoreAsync(source.Name, messages, time.GetUtcNow());
        }
        catch (StorageUnavailableException)
        {
            return NotStored(step);
        }

        if (!stored.Succeeded)
        {
            return NotStored(step);
        }

        HashSet<string> refused = new(StringComparer.Ordinal);
        string? code = null;
        for (int place = 0; place < messages.Length; place++)
        {
            if (stored.Value[place].Refusal is { } refusal)
            {
                refused.Add(messages[place].MessageId);
                code ??= refusal.Code;
            }
        }

        WebhookInstruments.CountRead(source.Name, messages.Length - refused.Count, refused.Count);
        return refused.Count == 0 ? step.Report : step.WithRefused(refused, code);
    }

    private static ReadReport NotStored(ReadStep step) =>
        new()
        {
            // Whatever the step has ended it has not, and a page is read again.
            Later = [.. step.Report.Later],
            Failure = step.Report.Failure ?? new ReadFailure(ReadFault.NotStored),
        };

    [LoggerMessage(431, LogLevel.Warning, "Records of {Source} could not be read ({Error}); trying again.")]
    private static partial void NotRead(ILogger logger, string source, string error);

    /// <summary>What a loop holds on to between its steps.</summary>
    private sealed class Reading(CrmAccess access)
    {
        public CrmAccess Access { get; } = access;

        public CrmKnowledge Knowledge { get; set; } = CrmKnowledge.None;

        /// <summary>True until the source's grain was asked.</summary>
        public bool IsStart { get; set; } = true;

        /// <summary>True while requests are taken whose end the grain was not told.</summary>
        public bool HasTaken { get; set; }
    }
}
