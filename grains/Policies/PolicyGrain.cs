using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IPolicyGrain"/>
/// <remarks>
/// A change is: keep the file, write the ledger with the entry, its steps and their audit records, hand the steps to the log of
/// decisions. The ledger's write decides. Before it, a crash leaves a file that nothing names; behind it, steps that the next activation hands over. Two
/// activations that a failing cluster may have for a moment race for the ledger's row: one of them loses and changes nothing.
/// </remarks>
[GrainType("policy")]
public sealed class PolicyGrain : Grain, IPolicyGrain
{
    private readonly IPersistentState<PolicyState> _stored;
    private readonly IGrainStateStore _states;
    private readonly PolicyKinds _kinds;
    private readonly PolicyTexts _texts;
    private readonly IPolicyAudit _audit;
    private readonly IEventLog _log;
    private readonly int _partitions;
    private readonly TimeProvider _time;
    private readonly KnownKind? _known;

    public PolicyGrain(
        [PersistentState(GrainKeys.PolicyState, GrainKeys.Storage)] IPersistentState<PolicyState> stored,
        IGrainContext context,
        PolicyKinds kinds,
        IGrainStateStore states,
        IPolicyAudit audit,
        IEventLog log,
        IOptions<GridOptions> options,
        TimeProvider time
    )
    {
        string name = context.GrainId.Key.ToString()!;
        _stored = stored;
        _states = states;
        _kinds = kinds;
        _texts = new PolicyTexts(name, states);
        _audit = audit;
        _log = log;
        _partitions = options.Value.Partitions;
        _time = time;
        if (kinds.Find(name) is { } kind)
        {
            PolicyReading builtIn = kinds.BuiltIn(kind);
            var terms = new PolicyTerms(kind.NeedsFourEyes, builtIn.Version!, _texts.IdOf(kind.BuiltIn));
            _known = new KnownKind(kind, builtIn, terms);
        }
    }

    private PolicyLedger Ledger => _stored.State.Ledger;

    private KnownKind Known => _known ?? throw new PolicyKindUnknownException();

    private PolicyKind Kind => Known.Kind;

    private PolicyTerms Terms => Known.Terms;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_known is null)
        {
            return;
        }

        if (!_stored.RecordExists && await FormerPolicies.Find(Kind.Name, _states) is { } former)
        {
            await TakeOver(former);
        }

        await HandOver();
    }

    public Task<long> GetNumber()
    {
        // Asked first by every node: one that does not know the kind says so.
        _ = Known;
        return Task.FromResult(Ledger.Number);
    }

    public Task<long> GetEpoch() => Task.FromResult(Ledger.Epoch);

    public async Task<PolicyVersion?> GetCurrent() => Ledger.Current is { } entry ? await WithText(entry) : null;

    public async Task<PolicyVersion?> Find(string version)
    {
        PolicyLedger ledger = Ledger;
        if (ledger.Find(version) is { } entry)
        {
            return await WithText(entry);
        }

        return ledger.Proposals.FirstOrDefault(one => one.Version == version) is { } proposal
            ? Show(proposal) with
            {
                Text = await TextOf(proposal.TextId),
            }
            : null;
    }

    public Task<ImmutableArray<PolicyVersion>> GetProposals() =>
        Task.FromResult<ImmutableArray<PolicyVersion>>([.. Ledger.Proposals.Select(Show)]);

    public Task<PolicyHistory> GetHistory(PolicyHistoryQuery query)
    {
        ImmutableArray<PolicyEntry> found =
        [
            .. Ledger
                .Entries.Reverse()
                .Where(one => query.BeforeNumber is not { } before || one.Number < before)
                .Take(query.Limit + 1),
        ];
        return Task.FromResult(
            new PolicyHistory([.. found.Take(query.Limit).Select(Show)], found.Length > query.Limit)
        );
    }

    public Task<PolicyReply> Put(PolicyPut put) => Take(put, (ledger, what) => ledger.Submit(what, Terms));

    public Task<PolicyReply> Propose(PolicyPut put) => Take(put, (ledger, what) => ledger.Propose(what, Terms));

    public async Task<PolicyReply> Approve(PolicyApprove approve)
    {
        PolicyProposal? proposal = Ledger.Proposals.FirstOrDefault(one => one.Version == approve.Version);
        PolicyReading? reading = proposal is null ? null : _kinds.Read(Kind, await TextOf(proposal.TextId));
        var approval = new PolicyApproval(
            approve.Version,
            approve.Replaces,
            _time.GetUtcNow(),
            approve.By,
            approve.IfInForce,
            reading is not null && await KeepsGround(reading)
        );
        PolicyDecision decision = Ledger.Approve(approval, Terms);
        return await Carry(decision, text: null, reading);
    }

    public async Task<PolicyReply> RollBack(PolicyRevert revert)
    {
        string? text =
            Ledger.Find(revert.Version) is { } entry ? await TextOf(entry.TextId)
            : revert.Version == Terms.BuiltInVersion ? Kind.BuiltIn
            : null;
        PolicyReading? reading = text is null ? null : _kinds.Read(Kind, text);
        var back = new PolicyRollBack(
            revert.Version,
            reading?.Version ?? revert.Version,
            _time.GetUtcNow(),
            revert.By,
            revert.IfInForce,
            reading is not null && await KeepsGround(reading)
        );
        return await Carry(Ledger.RollBack(back, Terms), text, reading);
    }

    public async Task FollowRelease(string release)
    {
        PolicyLedger ledger = Ledger;
        if (ledger.Release == release)
        {
            return;
        }

        bool hasData = ledger.Release is not null || !ledger.Entries.IsEmpty || await HasMessages();
        PolicyReading inForce = await InForce();
        string version = inForce.Version ?? ledger.Current!.Version;
        PolicyLedger next = ledger.Follow(release, version, hasData, _time.GetUtcNow(), Terms);
        if (next.Current?.TextId == Terms.BuiltInTextId)
        {
            await _texts.Keep(Kind.BuiltIn);
        }

        await Save(next);
    }

    /// <summary>Reads a file that somebody brings, and carries out what the ledger makes of it.</summary>
    private async Task<PolicyReply> Take(PolicyPut put, Func<PolicyLedger, PolicySubmission, PolicyDecision> decide)
    {
        PolicyReading reading = _kinds.Read(Kind, put.Text);
        if (!reading.IsValid)
        {
            return await Answer(new PolicyDecision(Ledger) { Objection = PolicyObjection.NotValid });
        }

        var submission = new PolicySubmission(
            reading.Version!,
            _texts.IdOf(put.Text),
            _time.GetUtcNow(),
            put.By,
            put.Action,
            put.IfInForce,
            await KeepsGround(reading)
        );
        return await Carry(decide(Ledger, submission), put.Text);
    }

    /// <summary>Files first, as with every change; whoever is cut off begins anew.</summary>
    private async Task TakeOver(FormerPolicy former)
    {
        var entries = ImmutableArray.CreateBuilder<PolicyEntry>(former.Entries.Length);
        string replaces = "";
        foreach ((PolicyEntry entry, string text) in former.Entries)
        {
            string version = entry.Version.Length > 0 ? entry.Version : VersionOf(text);
            await _texts.Keep(text);
            entries.Add(entry with { Version = version, TextId = _texts.IdOf(text), Replaces = replaces });
            replaces = version;
        }

        await Save(
            new PolicyLedger
            {
                Entries = entries.MoveToImmutable(),
                Release = former.Release,
                FileVersion = former.FileVersion,
            }
        );
    }

    /// <exception cref="InvalidDataException">Nothing is taken over then, and nobody is served.</exception>
    private string VersionOf(string text) =>
        _kinds.Read(Kind, text).Version
        ?? throw new InvalidDataException($"A stored {Kind.Name} policy of an older release can't be read.");

    /// <summary>Carries a decision out, and answers.</summary>
    /// <param name="decision">What the ledger says.</param>
    /// <param name="text">The file, where it may not be stored yet.</param>
    /// <param name="reading">What this release makes of it: the one that took it first may have been another.</param>
    private async Task<PolicyReply> Carry(PolicyDecision decision, string? text, PolicyReading? reading = null)
    {
        if (ReferenceEquals(decision.Ledger, Ledger))
        {
            return await Answer(decision);
        }

        if (reading is { IsValid: false })
        {
            return await Answer(new PolicyDecision(Ledger) { Objection = PolicyObjection.NotValid });
        }

        if (text is not null)
        {
            await _texts.Keep(text);
        }

        await Save(decision.Ledger);
        return await Answer(decision);
    }

    private async Task<PolicyReply> Answer(PolicyDecision decision) =>
        new(await GetCurrent(), decision.Proposed is { } proposal ? Show(proposal) : null, decision.Objection);

    /// <summary>Writes a ledger; where that fails the state is as before, and the next call reads it anew.</summary>
    private async Task Save(PolicyLedger next)
    {
        PolicyLedger before = Ledger;
        _stored.State.Ledger = next;
        _stored.State.Audit = [.. next.Unrecorded.Select(step => DecisionAudit.OfStep(Kind.Name, step))];
        try
        {
            await _stored.WriteStateAsync();
        }
        catch
        {
            // Whether it was stored is not known.
            _stored.State.Ledger = before;
            DeactivateOnIdle();
            throw;
        }

        await HandOver();
    }

    /// <summary>
    /// Hands steps to the audit. Where that fails the caller is not answered, and the next activation hands them over before
    /// it serves anybody.
    /// </summary>
    private async Task HandOver()
    {
        ImmutableArray<PolicyStep> steps = Ledger.Unrecorded;
        if (steps.IsEmpty)
        {
            return;
        }

        try
        {
            await _audit.Record(Kind.Name, steps);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        // Forgotten with the next write: until then they would be handed over once more, which changes nothing.
        _stored.State.Ledger = Ledger.Recorded(steps);
    }

    private async Task<bool> KeepsGround(PolicyReading next) => Kind.HasSameGround(await InForce(), next);

    private async Task<PolicyReading> InForce() =>
        Ledger.Current is { } current ? _kinds.Read(Kind, await TextOf(current.TextId)) : Known.BuiltIn;

    private async Task<bool> HasMessages()
    {
        for (int partition = 0; partition < _partitions; partition++)
        {
            if (!(await _log.ReadPartitionAsync(partition, 0, 1, CancellationToken.None)).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The built-in file has a row only where it was put in force by hand.</summary>
    private Task<string> TextOf(string id) =>
        id == Terms.BuiltInTextId ? Task.FromResult(Kind.BuiltIn) : _texts.Get(id);

    private async Task<PolicyVersion> WithText(PolicyEntry entry) =>
        Show(entry) with
        {
            Text = await TextOf(entry.TextId),
        };

    private PolicyVersion Show(PolicyEntry entry) =>
        new(Kind.Name, entry.Number, entry.Version, Text: "", entry.At, entry.By, entry.Action, entry.Replaces)
        {
            Epoch = entry.Epoch,
            Release = entry.Release,
            ApprovedBy = entry.ApprovedBy,
            ApprovedAt = entry.ApprovedAt,
            RollBackTo = entry.RollBackTo,
        };

    private PolicyVersion Show(PolicyProposal proposal) =>
        new(
            Kind.Name,
            Number: 0,
            proposal.Version,
            Text: "",
            proposal.At,
            proposal.By,
            Action: null,
            proposal.Replaces
        );

    private sealed record KnownKind(PolicyKind Kind, PolicyReading BuiltIn, PolicyTerms Terms);
}
