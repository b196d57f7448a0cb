using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Simulation.Checkers;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Runs;

/// <summary>What became of one run.</summary>
/// <param name="Violation">Null where all promises were kept.</param>
internal sealed record RunResult(
    ulong Seed,
    ulong Hash,
    long Steps,
    TimeSpan VirtualTime,
    ViolationException? Violation
);

/// <summary>
/// One run of a plan. It has rounds with faults everywhere, and after each a time without any, in which the grid must come to rest and
/// all that it has promised is checked.
/// </summary>
internal sealed class Simulation
{
    private const long StepsMax = 3_000_000;
    private static readonly TimeSpan s_roundPatience = TimeSpan.FromHours(2);
    private static readonly TimeSpan s_restPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly Plan _plan;
    private readonly Marks _marks;
    private readonly WorldLoop _world;
    private readonly Disk _disk = new();
    private readonly Journal _journal = new();
    private readonly StorageFaults _faults;
    private readonly Receiver _receiver;
    private readonly Cluster _cluster;
    private readonly Client _client;
    private readonly TimeProvider _time;
    private readonly KeptApart _keptApart = new();
    private readonly Explained _explained = new();
    private readonly ClaimsJoinNobody _claims = new();
    private readonly Audited _audited = new();

    private Simulation(Plan plan, NodeTemplate template, Marks marks, Story? story)
    {
        _plan = plan;
        _marks = marks;
        PlanSettings settings = plan.Settings;
        var schedule = Dice.For(plan.Seed, purpose: 2);
        var faults = Dice.For(plan.Seed, purpose: 3);
        _world = new WorldLoop(schedule, new SchedulePolicy(settings.Policy, plan.Seed), story);
        SynchronizationContext.SetSynchronizationContext(new WorldContext(_world, owner: null));
        TaskScheduler client = TaskScheduler.FromCurrentSynchronizationContext();
        _time = new WorldTime(_world, owner: null);
        _faults = settings.FaultsOf(faults);
        var runtime = Dice.For(plan.Seed, purpose: 7);
        _receiver = new Receiver(Dice.For(plan.Seed, purpose: 14));
        _cluster = new Cluster(
            _world,
            template,
            _disk,
            _receiver,
            _faults,
            settings,
            faults,
            runtime,
            marks,
            client,
            _time
        );
        _client = new Client(_world, _cluster, _disk, _journal, plan, faults, marks, client, _time);
        _world.BeforeStep = _cluster.BeforeStep;
        _disk.Written = (kind, key, json) => _audited.Watch(kind, key, json, _disk.Audit);
    }

    /// <summary>Runs a plan on the calling thread, which is the world's until it ends.</summary>
    public static RunResult Run(Plan plan, NodeTemplate template, Marks marks, Story? story = null)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        var simulation = new Simulation(plan, template, marks, story);
        ViolationException? violation = null;
        try
        {
            simulation.Run();
        }
        catch (ViolationException broken)
        {
            violation = broken;
        }
        catch (Exception error)
        {
            violation = new ViolationException("run", $"{error}");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        WorldLoop world = simulation._world;
        world.End();
        return new RunResult(plan.Seed, world.Hash, world.Steps, TimeSpan.FromTicks(world.Now), violation);
    }

    private void Run()
    {
        RunUntil(PrepareAsync(), s_restPatience);
        foreach (ImmutableArray<Deed> round in _plan.Rounds)
        {
            SetFaults(true);
            RunUntil(_client.DoAsync(round), s_roundPatience);
            SetFaults(false);
            _world.Tell("faults stop: the grid must come to rest");
            RunUntil(RestAsync(), s_restPatience);
            RunUntil(CheckAsync(), s_restPatience);
            if (_plan.Settings.HasDestinations)
            {
                RunUntil(SendAgainAsync(), s_restPatience);
            }
        }

        NoteMarks();
    }

    private void RunUntil(Task until, TimeSpan patience) => _world.RunUntil(until, patience, StepsMax);

    private void SetFaults(bool areOn)
    {
        _faults.IsOn = areOn;
        if (areOn)
        {
            _cluster.Trouble();
        }
        else
        {
            _cluster.Calm();
        }

        _world.IsHurried = areOn && _plan.Settings.Delays > 0;
    }

    private async Task PrepareAsync()
    {
        await _cluster.BootAsync();
        if (_plan.Settings.RulesVariant > 0)
        {
            await _client.DoAsync([new Deed.ChangeRules(_plan.Settings.RulesVariant)]);
        }
    }

    /// <summary>Everything sent is acknowledged, everything stored is applied, every merge and split is done.</summary>
    private async Task RestAsync()
    {
        await _client.SendOpenAsync();
        // A partition learns by looking what a writer that was given up has stored last.
        await Task.Delay(PlanSettings.LookPeriod * 2, _time);
        await CatchUpAsync();
        await TakeBackAsync();
        if (_plan.Settings.RestsByReminders)
        {
            while (Unfinished() is not null || CompaniesAreWhole.Unfinished(_disk) is not null)
            {
                await Task.Delay(s_look, _time);
            }

            _marks.Hit(Mark.RestedByReminders);
        }
        else
        {
            await WakeAsync();
        }

        await CatchUpAsync();
        await WakeAsync();
        await _client.SeeErasuresDoneAsync();
        if (_plan.Settings.HasLeads)
        {
            await LeadsAreWhole.SettleAsync(_client, _disk);
        }

        if (_plan.Settings.HasDestinations)
        {
            await DrainAsync();
        }

        string? unfinished = Unfinished() ?? CompaniesAreWhole.Unfinished(_disk);
        ViolationException.ThrowIf(
            unfinished is not null,
            "liveness",
            () => $"{unfinished} has not finished a merge or a split"
        );
    }

    /// <summary>A customer that has begun a merge or a split and not ended it; null where there is none.</summary>
    private string? Unfinished()
    {
        foreach ((string customer, var state) in _disk.States(OperationNames.Customer))
        {
            using JsonDocument json = JsonDocument.Parse(state.Json);
            if (
                json.RootElement.TryGetProperty("merge", out _)
                || json.RootElement.TryGetProperty("split", out _)
                || json.RootElement.TryGetProperty("releases", out _)
            )
            {
                return customer;
            }
        }

        return null;
    }

    private async Task CatchUpAsync()
    {
        for (int partition = 0; partition < _plan.Settings.Partitions; partition++)
        {
            while ((await _client.AskPatiently(grains => grains.GetGrain<IIntakeGrain>(partition).Start())).Waiting > 0)
            {
                await Task.Delay(s_look, _time);
            }
        }
    }

    /// <summary>What was set aside is tried again, oldest first, as an operator does.</summary>
    private async Task TakeBackAsync()
    {
        while (_disk.Quarantined.FirstOrDefault() is { } message)
        {
            _marks.Hit(Mark.MessageSetAside);
            RetryReply reply = await _client.AskPatiently(grains =>
                grains.GetGrain<IIntakeGrain>(message.Partition).RetryQuarantined(message.Position)
            );
            if (reply is { IsFound: true, Reason: null })
            {
                _marks.Hit(Mark.MessageTakenBack);
            }
        }
    }

    /// <summary>An activation finishes what it finds begun before it answers.</summary>
    private async Task WakeAsync()
    {
        List<Task> woken =
        [
            .. _disk
                .States(OperationNames.Customer)
                .Select(one => _client.AskPatiently(grains => grains.GetGrain<ICustomerGrain>(one.Key).GetIdentity())),
        ];
        foreach (Task one in woken)
        {
            await one;
        }

        await CompaniesAreWhole.WakeAsync(_client, _disk);
    }

    /// <summary>Everything that waits for destinations is told, or it is said why it is not.</summary>
    private async Task DrainAsync()
    {
        while (_disk.Outbox.HasWaiting)
        {
            _disk.Outbox.HurryUp(_time.GetUtcNow());
            foreach (string name in (string[])[DestinationsOfRuns.Everything, DestinationsOfRuns.Consented])
            {
                await _client.AskPatiently(grains => grains.GetGrain<IDestinationGrain>(name).Resume("simulation"));
            }

            await Task.Delay(s_look, _time);
        }
    }

    /// <summary>All that became of deliveries is put back among what waits, as an operator does.</summary>
    private async Task SendAgainAsync()
    {
        int before = _receiver.Arrivals.Count;
        await _client.AskPatiently(grains =>
            grains
                .GetGrain<IDestinationGrain>(DestinationsOfRuns.Consented)
                .Replay(new DeliveryFilter(null, null, null, null, null, null, 0, Limit: 1_000))
        );
        await DrainAsync();
        DeliveriesAreRight.CheckAgain(await LookAsync(), _disk, _receiver, before, _marks);
    }

    private Task<AtRest> LookAsync() =>
        AtRest.LookAsync(_client, _disk, _journal.Acknowledged.SelectMany(message => message.Identifiers));

    private async Task CheckAsync()
    {
        AtRest rest = await LookAsync();
        var forgotten = Forgotten.Of(_disk, _journal.Names);
        forgotten.Check(rest, _disk);
        Message[] counted = [.. _journal.Acknowledged.Where(message => !forgotten.Contains(message.Anchor))];
        var model = new PlainModel(counted, rest.Log);
        CountedOnce.Check(rest, counted.Select(message => message.Id));
        OneOwner.Check(rest, model);
        await _client.CheckShelfAsync();
        ProfileIsFold.Check(rest, model);
        ConsentIsJoin.Check(rest, model, _marks);
        if (_plan.Settings.HasLeads)
        {
            LeadsAreWhole.Check(rest, _disk, _marks);
        }

        if (_plan.Settings.HasAudiences)
        {
            await AudiencesAreRight.CheckAsync(rest, _client, _disk, model, _marks, _time.GetUtcNow());
        }

        if (_plan.Settings.HasDestinations)
        {
            DeliveriesAreRight.Check(rest, _disk, _receiver, counted, _marks);
        }

        await CompaniesAreWhole.CheckAsync(_client, _disk);
        _keptApart.Check(rest);
        if (forgotten.IsEmpty)
        {
            // An erasure takes decisions out; what is left does not tell everything any more.
            _explained.Check(rest, _journal);
            _claims.Check(rest, _journal);
        }
        else
        {
            _marks.Hit(Mark.PersonForgotten);
        }

        PolicySteps.Check(rest);
        _audited.Check(_disk.Decisions, _disk.Audit, forgotten.IsEmpty);
        foreach (SeenCustomer customer in rest.Customers.Values)
        {
            if (customer.View is { } view)
            {
                _journal.WasRead(customer.Id, view.Version, _journal.VersionOf(customer.Id));
            }
        }
    }

    private void NoteMarks()
    {
        foreach (string kind in _disk.Decisions.Select(decision => decision.Kind))
        {
            switch (kind)
            {
                case DecisionKinds.Merged:
                    _marks.Hit(Mark.CustomerMerged);
                    break;
                case DecisionKinds.Demoted:
                    _marks.Hit(Mark.IdentifierDemoted);
                    break;
                case DecisionKinds.Quarantined:
                    _marks.Hit(Mark.IdentifierQuarantined);
                    break;
            }
        }

        foreach (var refused in _disk.Decisions.Where(decision => decision.Kind == DecisionKinds.Refused))
        {
            _marks.Hit(refused.OtherCustomerId is null ? Mark.IdentifierSeparated : Mark.MergeRefused);
            if (refused.Payload.Span.IndexOf("public source"u8) >= 0)
            {
                _marks.Hit(Mark.ClaimLeftOut);
            }
        }

        if (_plan.Settings.Identifiers > 60)
        {
            _marks.Hit(Mark.LargePool);
        }
    }
}
