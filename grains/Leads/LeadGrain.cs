using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <inheritdoc cref="ILeadGrain"/>
/// <remarks>
/// <para>
/// Every change is written before anybody is told of it, with what is still to be told (<see cref="LeadFile.Debts"/>) and to whom the
/// lead is on its way (<see cref="LeadFile.Plan"/>). So a crash at any await is gone on from by whoever comes next: a repeat of the
/// message, a person, or the reminder, which every lead has that is not closed.
/// </para>
/// <para>Calls go from leads to pools and people, and never back. To the desk, which calls leads, it sends without waiting.</para>
/// </remarks>
[GrainType("lead")]
public sealed class LeadGrain(
    [PersistentState(GrainKeys.LeadState, GrainKeys.Storage)] IPersistentState<LeadGrainState> stored,
    IPolicy<LifecyclePolicy> lifecycle,
    IPolicy<ScoringPolicy> scoring,
    IPolicy<RoutingPolicy> routing,
    IPolicy<SalesTeam> team,
    Suppressions suppressions,
    EffectRoutes routes,
    TimeProvider time
) : Grain, ILeadGrain, IRemindable
{
    private const string Reminder = "look";

    /// <summary>Steps that one look may lead to: an offer that is late at once leads to the next, and so on.</summary>
    private const int StepsMax = 50;

    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromHours(1);

    private DateTimeOffset? _reminded;

    private LeadFile? File => stored.State.File;

    private string Id => this.GetPrimaryKeyString();

    private LeadPolicies Policies => new(lifecycle.Current, scoring.Current, team.Current);

    public async Task Look(LeadLookCall call)
    {
        DateTimeOffset at = time.GetUtcNow();
        LeadFile file = File ?? new LeadFile(new LeadState(Id, "sales", at)) { Anchor = call.Anchor.ToString() };
        if (file.IsErased || suppressions.IsSuppressed(call.Anchor))
        {
            // Whoever looked had read what is known before the person was to be forgotten.
            return;
        }

        LeadPolicies policies = Policies;
        var look = LeadLook.Read(call.LookJson);
        if (File is null)
        {
            await Remind(LeadFileRules.NextLook(file, policies, at));
        }

        await Save(LeadFileRules.Look(file, look, policies, at));
        await Tend(policies, look);
    }

    public async Task<LeadReply> Do(LeadOrder order)
    {
        if (File is not { IsErased: false } file)
        {
            LetGoOfNobody();
            return new LeadReply(Exists: false, Refused: null, default);
        }

        LeadPolicies policies = Policies;
        LeadCommand command = CommandOf(order, file.Lead, time.GetUtcNow());
        Outcome<LeadFile> done = command is LeadCommand.Close close
            ? LeadFileRules.CloseBy(file, close, policies)
            : LeadFileRules.Apply(file, command, policies.Terms);
        if (done.Succeeded)
        {
            await Save(done.Value);
            await Tend(policies, look: null);
            if (!ReferenceEquals(done.Value, file) && order.Kind <= LeadOrderKind.Close)
            {
                // What somebody says of a lead may move its stage, for which the desk knows what is known.
                await AskDesk($"order {File!.Events.Length}");
            }
        }

        return new LeadReply(
            Exists: true,
            done.Succeeded ? null : done.Refusal.Code,
            LeadFileJson.Write(LeadFileRules.WithoutPerson(File!))
        );
    }

    public async Task Move(string customerId)
    {
        if (File is { IsErased: false } file)
        {
            await Save(file.CustomerId == customerId ? file : file with { CustomerId = customerId });
        }

        await PayDebts();
    }

    public Task<ReadOnlyMemory<byte>> Get()
    {
        LetGoOfNobody();
        return Task.FromResult(File is { } file ? LeadFileJson.Write(file) : default);
    }

    public async Task Erase()
    {
        if (File is not { } file)
        {
            return;
        }

        await Save(LeadFileRules.Erase(file));
        await PayDebts();
        await Remind(null);
    }

    public Task Forget() => File is { } file ? Save(LeadFileRules.Forget(file)) : Task.CompletedTask;

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (File is not { } file || file.IsErased)
        {
            await PayDebts();
            await Remind(null);
            return;
        }

        await Tend(Policies, look: null);
        if (File.Lead.Status != LeadStatus.Closed)
        {
            await AskDesk($"reminder {status.CurrentTickTime.Ticks}");
        }
    }

    /// <summary>Does what it needs until it needs nothing now.</summary>
    /// <param name="look">Null: nobody knows what is known, and the desk is asked where that is needed.</param>
    private async Task Tend(LeadPolicies policies, LeadLook? look)
    {
        await PayDebts();
        for (int step = 0; step < StepsMax; step++)
        {
            DateTimeOffset at = time.GetUtcNow();
            LeadNeed need = LeadFileRules.NeedOf(File!, policies, at);
            if (need.Kind is LeadNeedKind.Nothing or LeadNeedKind.Wait)
            {
                break;
            }

            if (need.Kind == LeadNeedKind.Route)
            {
                if (look is null)
                {
                    await AskDesk($"route {File!.Lead.Handoffs.Length}");
                    break;
                }

                await Route(policies, look, need.Excluded, at);
            }
            else
            {
                await Carry(CommandOf(need, File!.Lead, at), policies);
            }
        }

        await Remind(LeadFileRules.NextLook(File!, policies, time.GetUtcNow()));
    }

    /// <summary>Finds somebody, brings it there, and says so. Whoever has as many leads as may be is passed over.</summary>
    private async Task Route(LeadPolicies policies, LeadLook look, ImmutableArray<string> excluded, DateTimeOffset at)
    {
        PolicyInForce<RoutingPolicy> rules = routing.InForce;
        var full = new Dictionary<string, int>(StringComparer.Ordinal);
        int attempt = File!.Lead.Handoffs.Length + 1;
        while (true)
        {
            RoutingDecision decision = Router.Decide(
                rules.Body.Base,
                LeadFileRules.RoutingFactsOf(File!, look, policies, at),
                new TeamState(policies.Team, full),
                ImmutableDictionary<string, PoolLedger>.Empty,
                at,
                excluded.ToHashSet(StringComparer.Ordinal)
            );
            if (decision.Outcome != RoutingOutcome.Assigned)
            {
                await Save(
                    LeadFileRules.WithoutPlan(
                        File! with
                        {
                            Decision = LeadFileRules.DecisionText(
                                decision,
                                attempt,
                                rules.Body.Version,
                                team.InForce.Body.Version
                            ),
                        }
                    )
                );
                await Carry(
                    decision.Outcome == RoutingOutcome.Queued
                        ? new LeadCommand.Enqueue(at, "routing", decision.Queue!)
                        : new LeadCommand.Hold(at, "routing", decision.HeldUntil!.Value),
                    policies
                );
                return;
            }

            LeadHold plan = new(attempt, decision.Pool, decision.Pool is null ? decision.PersonId : null);
            await Save(LeadFileRules.Plan(File!, plan));
            await PayDebts();
            if (await Bring(plan, decision, policies.Team) is { } brought)
            {
                Outcome<LeadFile> arrived = LeadFileRules.Arrive(
                    File!,
                    new LeadHold(attempt, decision.Pool, brought.PersonId),
                    brought,
                    LeadFileRules.DecisionText(brought, attempt, rules.Body.Version, team.InForce.Body.Version),
                    policies.Terms
                );
                if (!arrived.Succeeded)
                {
                    throw new InvalidOperationException($"A lead could not be offered: {arrived.Refusal.Code}.");
                }

                await Save(arrived.Value);
                // Whoever was late has it no longer.
                await PayDebts();
                return;
            }
        }

        async Task<RoutingDecision?> Bring(LeadHold plan, RoutingDecision decision, SalesTeam people)
        {
            RoutingDecision dealt = decision;
            if (plan.Pool is { } pool)
            {
                PoolDealt answer = await GrainFactory
                    .GetGrain<IPoolGrain>(pool)
                    .Take(
                        new PoolAsk(
                            TurnOf(attempt),
                            [.. decision.Eligible.Select(one => new PoolMember(one.PersonId, one.Weight))],
                            decision.IsWholePool
                        )
                    );
                dealt = decision.DealtTo(answer.PersonId, answer.Reason == 0 ? null : (PoolReason)answer.Reason);
            }

            string person = dealt.PersonId!;
            int? capacity = people.Find(person)?.Capacity;
            if (await Person(person).Take(Id, attempt, capacity))
            {
                return dealt;
            }

            full[person] = capacity!.Value;
            if (plan.Pool is { } from)
            {
                await GrainFactory.GetGrain<IPoolGrain>(from).Return(TurnOf(attempt));
            }

            return null;
        }
    }

    private async Task Carry(LeadCommand command, LeadPolicies policies)
    {
        Outcome<LeadFile> done = LeadFileRules.Apply(File!, command, policies.Terms);
        if (!done.Succeeded)
        {
            throw new InvalidOperationException($"A lead needs what it refuses: {done.Refusal.Code}.");
        }

        await Save(done.Value);
        await PayDebts();
    }

    /// <summary>Tells others what the state owes them. All may be told twice.</summary>
    private async Task PayDebts()
    {
        if (File is not { Debts.IsEmpty: false } file)
        {
            return;
        }

        foreach (LeadDebt debt in file.Debts)
        {
            switch (debt.Kind)
            {
                case LeadDebtKind.Place:
                    await Person(debt.Target).Take(Id, debt.Attempt, capacity: null);
                    break;
                case LeadDebtKind.Release:
                    await Person(debt.Target).Release(Id, debt.Attempt);
                    break;
                case LeadDebtKind.ReturnTurn:
                    await ReturnTurn(GrainFactory.GetGrain<IPoolGrain>(debt.Target), debt.Attempt);
                    break;
                default:
                    await GrainFactory.GetGrain<IPoolGrain>(debt.Target).Settle(TurnOf(debt.Attempt));
                    break;
            }
        }

        await Save(file with { Debts = [] });
    }

    /// <summary>
    /// Whoever has the turn is told first: once it is returned the pool no longer knows who that was, and a crash between would leave a
    /// place that is nobody's lead. The simulation found this (seed 1431).
    /// </summary>
    private async Task ReturnTurn(IPoolGrain pool, int attempt)
    {
        if (await pool.FindHolder(TurnOf(attempt)) is { } holder)
        {
            await Person(holder).Release(Id, attempt);
        }

        await pool.Return(TurnOf(attempt));
    }

    private async Task Save(LeadFile changed)
    {
        if (!ReferenceEquals(changed, File))
        {
            await stored.SaveOrTakeBack(
                new LeadGrainState
                {
                    File = changed,
                    Listing = LeadRows.Of(changed, team.Current),
                    Outbox = routes.RowsOf(LeadEffects.Of(File, changed, time.GetUtcNow())),
                },
                this
            );
        }
    }

    /// <summary>
    /// A lead has its first before it has anything else. It may come early, late or twice: only the state says what is to be done.
    /// </summary>
    private async Task Remind(DateTimeOffset? next)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (next is { } due)
        {
            if (_reminded > now && due >= _reminded)
            {
                // It comes early enough, and whoever it wakes asks for the next.
                return;
            }

            TimeSpan wait = due - now;
            await this.RegisterOrUpdateReminder(
                Reminder,
                wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
                s_reminderPeriod
            );
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        _reminded = next;
    }

    /// <summary>The customer that has it by now is looked at anew, which comes back here.</summary>
    private async Task AskDesk(string cause)
    {
        string? owner = await GrainFactory.GetGrain<IIdentifierGrain>(File!.Anchor).GetOwner();
        if (owner is not null)
        {
            await GrainFactory.GetGrain<ILeadDeskGrain>(owner).LookSoon(cause);
        }
    }

    /// <summary>Anyone may ask for any id: one under which nothing is stored does not stay in memory for that.</summary>
    private void LetGoOfNobody()
    {
        if (!stored.RecordExists)
        {
            DeactivateOnIdle();
        }
    }

    private ISalesPersonGrain Person(string id) => GrainFactory.GetGrain<ISalesPersonGrain>(id);

    private string TurnOf(int attempt) => string.Create(null, $"{Id}#{attempt}");

    private static LeadCommand CommandOf(LeadNeed need, LeadState lead, DateTimeOffset at) =>
        need.Kind switch
        {
            LeadNeedKind.Remind => new LeadCommand.Remind(at, "reminder", lead.Present!.Attempt),
            LeadNeedKind.Escalate => new LeadCommand.Escalate(at, "reminder", lead.Present!.Attempt),
            LeadNeedKind.TimeOut => new LeadCommand.TimeOut(at, "reminder", lead.Present!.Attempt),
            LeadNeedKind.Enqueue => new LeadCommand.Enqueue(at, "reminder", need.Queue!),
            _ => throw new ArgumentException("That is no command.", nameof(need)),
        };

    private static LeadCommand CommandOf(LeadOrder order, LeadState lead, DateTimeOffset at) =>
        order.Kind switch
        {
            LeadOrderKind.Accept => new LeadCommand.Accept(at, order.By, order.PersonId!),
            LeadOrderKind.Reject => new LeadCommand.Reject(at, order.By, order.PersonId!, order.Code!),
            // Who says it twice to the same person means it once.
            LeadOrderKind.Reassign => new LeadCommand.Reassign(
                at,
                order.By,
                lead.OwnerId == order.PersonId ? lead.Present!.Attempt : lead.Handoffs.Length + 1,
                order.PersonId!,
                lead.Present?.Sla
            ),
            LeadOrderKind.Close => new LeadCommand.Close(at, order.By, order.Code!),
            LeadOrderKind.CloseAsDuplicate => new LeadCommand.CloseAsDuplicate(
                at,
                order.By,
                order.LeadId!,
                order.Cause!
            ),
            LeadOrderKind.Restore => new LeadCommand.Restore(at, order.By, order.Cause!),
            LeadOrderKind.AdoptClock => new LeadCommand.AdoptClock(
                at,
                order.By,
                JsonSerializer.Deserialize<AdoptedClock>(order.ClockJson.Span)!
            ),
            LeadOrderKind.ReleaseClock => new LeadCommand.ReleaseClock(at, order.By, order.LeadId!),
            LeadOrderKind.WrittenToCrm => new LeadCommand.WrittenToCrm(at, order.By, order.System!, order.Code!),
            LeadOrderKind.RefusedByCrm => new LeadCommand.RefusedByCrm(at, order.By, order.System!, order.Code!),
            _ => throw new ArgumentException("There is no such order.", nameof(order)),
        };
}
