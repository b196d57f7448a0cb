using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Retention;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IPrivacyRequestGrain"/>
/// <remarks>
/// The work goes on beside the calls, step by step (<see cref="ErasureSteps"/>), and is written down after each. An activation that
/// finds itself under way takes it up where its state says; a reminder sees to it that there is one within a minute of a restart.
/// </remarks>
[GrainType("privacy-request")]
public sealed partial class PrivacyRequestGrain(
    [PersistentState(GrainKeys.PrivacyRequestState, GrainKeys.Storage)] IPersistentState<PrivacyRequestState> stored,
    SuppressionKey key,
    EnvelopeReader reader,
    IPolicy<MastershipPolicy> mastership,
    IPolicy<RetentionPolicy> retention,
    IOptions<GridOptions> grid,
    TimeProvider time,
    IAuditLog audit,
    ILogger<PrivacyRequestGrain> logger
) : Grain, IPrivacyRequestGrain, IRemindable, IDisposable
{
    private const string Reminder = "privacy";
    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task? _running;

    private PrivacyRequestState State => stored.State;

    private AuditedWrites<PrivacyRequestState> Writes => field ??= new(stored, this);

    private string Id => this.GetPrimaryKeyString();

    private bool IsErasure => State.Kind is PrivacyRequestKind.Erasure;

    /// <summary>It asks for a package, and changes nothing.</summary>
    private bool IsPackage => State.Kind is PrivacyRequestKind.Access or PrivacyRequestKind.Portability;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _toldOpenDsr = State.OpenDsr;
        GoOn();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stop();
        if (_running is { } running)
        {
            // However it ends: what it came to is written down, or is done again.
            await Task.WhenAny(running);
        }
    }

    /// <summary>The engine calls it after the deactivation.</summary>
    public void Dispose() => _stopping.Dispose();

    public async Task<PrivacyRequestView?> Begin(PrivacyRequestAsk ask)
    {
        if (State.Kind is null)
        {
            if (key.IsMissing && ask.Kind == PrivacyRequestKind.Erasure)
            {
                // It could be taken and never be carried out.
                throw new StorageUnavailableException("The key of the suppressions is not set on this node.");
            }

            // The reminders first: a request that is written down must go on, and its receivers be told, whatever happens.
            OpenDsrState? openDsr = await OpenDsrOf(ask);
            await this.RegisterOrUpdateReminder(Reminder, s_reminderPeriod, s_reminderPeriod);
            State.Kind = ask.Kind;
            State.Status = PrivacyRequestStatus.Running;
            State.By = ask.By;
            State.ClientId = ask.ClientId;
            State.AskedAt = time.GetUtcNow();
            State.DueAt = State.AskedAt.AddDays(retention.Current.DaysFor($"{ask.Kind}"));
            State.Erasure = ErasureSteps.Begin(ask.Identifiers);
            State.Purposes = ask.Purposes;
            State.PolicyVersion = ask.PolicyVersion.Length > 0 ? ask.PolicyVersion : null;
            State.TraitsJson = ask.TraitsJson;
            State.OpenDsr = openDsr;
            State.AskSeal = SealOf(ask);
            await Save(Entry("privacy.asked", ask.By, ("type", $"{ask.Kind}")));
            GoOn();
        }

        return IsAskedBy(ask) ? View() : null;
    }

    /// <summary>
    /// It is what this asks for, about the same person. What a request names may be forgotten by now, so a sealed hash tells; of one that was
    /// taken by an older release, or where nothing can be sealed, the kind alone.
    /// </summary>
    private bool IsAskedBy(PrivacyRequestAsk ask) =>
        State.Kind == ask.Kind && (State.AskSeal is not { } kept || SealOf(ask) is not { } asked || kept == asked);

    private string? SealOf(PrivacyRequestAsk ask)
    {
        if (key.IsMissing)
        {
            return null;
        }

        string[] parts =
        [
            $"{ask.Kind}",
            .. ask.Identifiers.Order().Select(one => one.ToString()),
            "",
            .. ask.Purposes.Order(StringComparer.Ordinal),
            "",
            Encoding.UTF8.GetString(ask.TraitsJson.Span),
        ];
        // Each behind its length, so that no two lists are one text.
        return key.Seal(string.Concat("asked ", string.Concat(parts.Select(part => $"{part.Length}:{part}"))));
    }

    public Task<PrivacyRequestView?> Get() => Task.FromResult(IsNone() ? null : View());

    public async Task<PrivacyRequestView?> Cancel(string by)
    {
        if (IsNone())
        {
            return null;
        }

        // Before the first suppression nothing is done that anybody could see.
        if (State.Status == PrivacyRequestStatus.NeedsDecision && State.Erasure.Suppressed.IsEmpty)
        {
            State.Status = PrivacyRequestStatus.Cancelled;
            State.Erasure = ErasureSteps.Begin([]);
            State.TraitsJson = default;
            State.DoneAt = time.GetUtcNow();
            await Save(Entry("privacy.cancelled", by));
            await EndReminder();
        }

        return View();
    }

    public async Task<PrivacyRequestView?> Decide(ImmutableArray<string> customerIds, string by)
    {
        if (IsNone())
        {
            return null;
        }

        if (State.Status == PrivacyRequestStatus.NeedsDecision)
        {
            // The reminder first, as at the beginning: one that came while nobody had decided has ended itself.
            await this.RegisterOrUpdateReminder(Reminder, s_reminderPeriod, s_reminderPeriod);
            State.Erasure = ErasureSteps.Decided(State.Erasure, customerIds);
            State.Status = PrivacyRequestStatus.Running;
            await Save(Entry("privacy.decided", by, ("customers", string.Join(' ', customerIds))));
            GoOn();
        }

        return View();
    }

    public async Task<bool> Lift(ImmutableArray<Identifier> identifiers, string by)
    {
        if (IsNone() || State is not { Kind: PrivacyRequestKind.Erasure, Status: PrivacyRequestStatus.Done })
        {
            return false;
        }

        // The list is not ours to write, so the record comes first: nothing is lifted without one. By hashes, which name nobody.
        await audit.AppendAsync(
            [Entry("privacy.lifted", by, ("suppressions", string.Join(' ', identifiers.Select(key.Of))))],
            CancellationToken.None
        );
        long sequence = await Suppression().Lift(identifiers, Id, by);
        await Task.WhenAll(Partitions().Select(partition => partition.FollowSuppressions(sequence)));
        return true;
    }

    public async Task<bool> LiftRestriction(string by)
    {
        if (IsNone() || State.Kind != PrivacyRequestKind.Restriction)
        {
            return false;
        }

        if (State is { Status: PrivacyRequestStatus.Done, LiftedAt: null })
        {
            // The reminder first, as at the beginning: what is to be lifted must be, whatever happens.
            await this.RegisterOrUpdateReminder(Reminder, s_reminderPeriod, s_reminderPeriod);
            State.LiftedAt = time.GetUtcNow();
            State.LiftedBy = by;
            State.Erasure = ErasureSteps.Lifting(State.Erasure);
            State.Status = PrivacyRequestStatus.Running;
            await Save(Entry("privacy.lifted", by));
            GoOn();
        }

        return State.LiftedAt is not null;
    }

    public async Task Forget(ImmutableArray<Identifier> identifiers, bool isAbout)
    {
        if (!IsNone() && State.Forget(identifiers, isAbout))
        {
            await Save();
        }
    }

    public async Task<bool> Link(string secretHash, DateTimeOffset until, string by)
    {
        if (IsNone() || !IsPackage || State.Status != PrivacyRequestStatus.Done || State.Erasure.Customers.IsEmpty)
        {
            return false;
        }

        State.LinkHash = secretHash;
        State.LinkUntil = until;
        await Save(Entry("privacy.linked", by, ("link", secretHash[..8])));
        return true;
    }

    public async Task<PrivacyPackageGrant?> Redeem(string secretHash)
    {
        if (IsNone() || State.LinkHash is not { } hash || State.LinkUntil is not { } until)
        {
            return null;
        }

        bool isRight = CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(hash),
            Encoding.ASCII.GetBytes(secretHash)
        );
        if (!isRight || time.GetUtcNow() >= until)
        {
            return null;
        }

        // Used up before it is answered: whoever has the link as well gets nothing, whatever crashes.
        State.LinkHash = null;
        State.LinkUntil = null;
        await Save(Entry("privacy.fetched", State.By, ("link", secretHash[..8])));
        return new PrivacyPackageGrant(State.Kind!.Value, State.Erasure.Customers);
    }

    public async Task Scrubbed(string passId)
    {
        if (State.Kind is null || State.Erasure.Phase != ErasurePhase.Scrub)
        {
            return;
        }

        State.PassId = passId;
        State.Erasure = ErasureSteps.Scrubbed(State.Erasure);
        await Save();
    }

    public async Task Sealed(string passId)
    {
        if (State.Kind is null || State.Erasure.Phase != ErasurePhase.Seal || State.PassId != passId)
        {
            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        AuditEntry entry = Entry(
            "privacy.erased",
            State.By,
            ("customers", string.Join(' ', State.Erasure.Customers)),
            ("messages", $"{State.MessageCount}"),
            ("pass", passId)
        );
        State.ResultJson = ErasureProof.Write(Id, State, passId, now, key);
        State.Erasure = ErasureSteps.Sealed(State.Erasure);
        State.Status = PrivacyRequestStatus.Done;
        State.DoneAt = now;
        await Save(entry);
        await EndReminder();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (State is { Kind: not null, Status: PrivacyRequestStatus.Running })
        {
            GoOn();
        }
        else
        {
            await EndReminder();
        }
    }

    /// <summary>The id is made of the cause, so what is done again after a crash has one entry.</summary>
    private AuditEntry Entry(string action, string by, params ReadOnlySpan<(string Name, string Value)> details)
    {
        var entry = new AuditEntry(
            DecisionId.Of([action, Id, .. details.ToArray().Select(detail => detail.Value)]),
            time.GetUtcNow(),
            action,
            new AuditActor("key", by, Roles: ""),
            "privacy-request",
            Id
        );
        foreach ((string name, string value) in details)
        {
            // The audit takes no empty text: where nobody was found, there are no customers to name.
            if (value.Length > 0)
            {
                entry = entry with { Details = entry.Details.SetItem(name, value) };
            }
        }

        return entry;
    }

    /// <summary>Writes the state, and what the audit is told of it, in one transaction.</summary>
    private async Task Save(params ImmutableArray<AuditEntry> entries)
    {
        bool isChanged = false;
        OpenDsrState? openDsr = null;
        await Writes.Save(
            entries,
            () =>
            {
                isChanged = State.NoteStatus();
                openDsr = State.OpenDsr;
            }
        );
        _toldOpenDsr = openDsr;
        if (isChanged)
        {
            Callbacks.Look().Ignore();
        }
    }

    private async Task EndReminder()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    /// <summary>True of an id under which nothing was asked. Anyone may ask for any, so it does not stay in memory for that.</summary>
    private bool IsNone()
    {
        if (State.Kind is not null)
        {
            return false;
        }

        DeactivateOnIdle();
        return true;
    }

    private IEnumerable<IIntakeGrain> Partitions() =>
        Enumerable.Range(0, grid.Value.Partitions).Select(partition => GrainFactory.GetGrain<IIntakeGrain>(partition));

    private ISuppressionGrain Suppression() => GrainFactory.GetGrain<ISuppressionGrain>(GrainKeys.Current);

    private PrivacyRequestView View() => ViewOf(Id, State) with { OpenDsr = ViewOf(_toldOpenDsr) };

    internal static PrivacyRequestView ViewOf(string id, PrivacyRequestState state) =>
        new(
            id,
            state.Kind!.Value,
            state.Status,
            state.Status == PrivacyRequestStatus.Running ? state.Erasure.Phase.ToString() : null,
            state.By,
            state.ClientId,
            state.AskedAt,
            state.DueAt,
            state.DoneAt,
            state.Erasure.Identifiers,
            [
                .. state.Erasure.Candidates.Select(one => new PrivacyRequestCandidate(
                    one.CustomerId,
                    one.Identifiers,
                    one.IsShared
                )),
            ],
            state.ResultJson
        )
        {
            LiftedAt = state.LiftedAt,
            Changes = state.Changes,
            CustomerIds = state.Erasure.Customers,
            OpenDsr = ViewOf(state.OpenDsr),
        };
}
