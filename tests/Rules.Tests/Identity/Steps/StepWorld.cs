using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Step = Customer360.Rules.Identity.OwnerStep<Customer360.Rules.Tests.Identity.Steps.Things>;

namespace Customer360.Rules.Tests.Identity.Steps;

/// <summary>The process ended before this step.</summary>
internal sealed class DiedException(string step) : Exception(step);

/// <summary>
/// Owners that merge and split, without grains, storage or time: what they saved, who is written down as the owner of each
/// identifier, and the records. A process can die before any step; whoever is asked afterwards goes on where it stands, as an
/// activation does. Ids are ordered by age.
/// </summary>
internal sealed class StepWorld
{
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Ownership<Things>> _saved = new(StringComparer.Ordinal);
    private readonly Dictionary<Identifier, IdentifierPlace> _owners = [];
    private readonly Dictionary<string, DecisionRecord> _records = new(StringComparer.Ordinal);
    private readonly HashSet<(string, OwnerTask)> _reminders = [];

    /// <summary>Steps that are still done before the process dies; null: it lives.</summary>
    public int? StepsLeft { get; set; }

    /// <summary>All steps that were done, by whom.</summary>
    public List<(string Owner, Step Step)> Done { get; } = [];

    /// <summary>Calls as they were made; each may arrive once more, at any time.</summary>
    public List<Action> Calls { get; } = [];

    /// <summary>Whether two may come together.</summary>
    public Func<Ownership<Things>, Ownership<Things>, JoinObjection?> Check { get; set; } = static (_, _) => null;

    public IEnumerable<Ownership<Things>> All => _saved.Values;

    public IReadOnlyDictionary<Identifier, IdentifierPlace> Owners => _owners;

    public IReadOnlyDictionary<string, DecisionRecord> Records => _records;

    public Ownership<Things> this[string id] => _saved.GetValueOrDefault(id) ?? new Ownership<Things>(id, Things.Empty);

    /// <summary>An owner of things.</summary>
    public void Add(string id, params (string Identifier, int Count)[] things)
    {
        _saved[id] = new Ownership<Things>(id, Things.Of(things)) { Revision = 1 };
        foreach (Identifier identifier in _saved[id].Held.Identifiers)
        {
            _owners[identifier] = new IdentifierPlace(id, 0, []);
        }
    }

    public OwnerOutcome Merge(string younger, string older, string mergeId) =>
        Ask(
            younger,
            owner =>
                MergeSteps.Begin(
                    owner,
                    new MergeUnderWay(older, mergeId, "m", "test", Now, "v", []),
                    string.CompareOrdinal(older, younger) < 0
                )
        );

    public OwnerOutcome Undo(string stub, string mergeId, string splitId, params Identifier[] brought) =>
        Ask(stub, owner => SplitSteps.Undo(owner, SplitOf(splitId, "", brought, mergeId)));

    public OwnerOutcome Split(string to, string from, string splitId, params Identifier[] identifiers) =>
        Ask(to, owner => SplitSteps.Begin(owner, SplitOf(splitId, from, identifiers, mergeId: null)));

    /// <summary>Whoever was interrupted goes on, as an activation does before it answers.</summary>
    public void Wake(string id)
    {
        if (this[id].Status == OwnerStatus.Sealed)
        {
            CarryOut(id, MergeSteps.Resume(this[id]));
        }

        if (this[id].Split is not null)
        {
            CarryOut(id, SplitSteps.Resume(this[id]));
        }
    }

    /// <summary>Who has something to go on with, and nobody that reminds it: it would wait until somebody comes by.</summary>
    public IEnumerable<string> Forgotten() =>
        _saved
            .Values.Where(owner =>
                (owner.Status == OwnerStatus.Sealed && !_reminders.Contains((owner.Id, OwnerTask.Merge)))
                || (owner.Split is not null && !_reminders.Contains((owner.Id, OwnerTask.Split)))
            )
            .Select(owner => owner.Id);

    /// <summary>The reminders come, until nobody is interrupted any more.</summary>
    public void Rest()
    {
        StepsLeft = null;
        while (_reminders.Count > 0)
        {
            (string id, OwnerTask task) = _reminders.First();
            Wake(id);
            _reminders.Remove((id, task));
        }
    }

    private static SplitUnderWay SplitOf(string splitId, string from, Identifier[] identifiers, string? mergeId) =>
        new(splitId, from, [.. identifiers], mergeId, "because", "steward", Now, SeparationId: null);

    private OwnerOutcome Ask(string id, Func<Ownership<Things>, ImmutableArray<Step>> question)
    {
        Wake(id);
        return CarryOut(id, question(this[id]));
    }

    private OwnerOutcome CarryOut(string id, ImmutableArray<Step> steps)
    {
        while (true)
        {
            ImmutableArray<Step> next = [];
            foreach (Step step in steps)
            {
                if (StepsLeft-- == 0)
                {
                    StepsLeft = null;
                    throw new DiedException(step.GetType().Name);
                }

                Done.Add((id, step));
                if (step is Step.End end)
                {
                    return end.Outcome;
                }

                next = Do(id, step);
            }

            steps = next;
        }
    }

    private ImmutableArray<Step> Do(string id, Step step)
    {
        switch (step)
        {
            case Step.Remind remind:
                _reminders.Add((id, remind.Task));
                return [];
            case Step.EndReminder ended:
                _reminders.Remove((id, ended.Task));
                return [];
            case Step.Record record:
                _records.TryAdd(record.Decision.Id, record.Decision);
                return [];
            case Step.Save save:
                _saved[id] = save.State;
                return [];
            case Step.AskToAbsorb ask:
                (AbsorbAnswer absorbed, long since) = AskToAbsorb(ask.Older, this[id]);
                return MergeSteps.Next(this[id], absorbed, since);
            case Step.Repoint repoint:
                foreach (Identifier identifier in repoint.Identifiers)
                {
                    Call(() => Repoint(identifier, id, repoint.To, repoint.AsOf, repoint.Since));
                }

                return [];
            case Step.AskToForward ask:
                ForwardAnswer forwarded = default;
                Call(() => forwarded = Forward(ask.Older, ask.Identifiers));
                return MergeSteps.Next(this[id], forwarded);
            case Step.AskToRelease ask:
                return SplitSteps.Next(this[id], ask, AskToRelease(ask, id));
            case Step.FindRecord find:
                return SplitSteps.Next(this[id], find, _records.GetValueOrDefault(find.Split.SplitId), "v");
            case Step.Take take:
                foreach (Identifier identifier in take.Identifiers)
                {
                    Call(() => Take(identifier, take.From, id, take.Since));
                }

                return [];
            case Step.Confirm confirm:
                Call(() => Ask(confirm.Older, owner => SplitSteps.Confirm(owner, confirm.SplitId)));
                return [];
            default:
                throw new InvalidOperationException(step.ToString());
        }
    }

    private void Call(Action call)
    {
        Calls.Add(call);
        call();
    }

    private (AbsorbAnswer Answer, long Since) AskToAbsorb(string older, Ownership<Things> younger)
    {
        (AbsorbAnswer, long) answer = default;
        Call(() =>
        {
            OwnerOutcome outcome = Ask(
                older,
                owner =>
                    MergeSteps.Absorb(owner, younger, younger.Merge!.MergeId, () => Check(owner, younger), "v", Now)
            );
            answer = outcome is OwnerOutcome.Absorbed absorbed
                ? (absorbed.Answer, absorbed.Revision)
                : throw new DiedException("a race that was lost ends the call");
        });
        return answer;
    }

    private ForwardAnswer Forward(string older, ImmutableArray<Identifier> identifiers)
    {
        Wake(older);
        foreach (Step step in MergeSteps.Forward(this[older], identifiers))
        {
            Do(older, step);
        }

        return new ForwardAnswer(this[older].MovedTo);
    }

    private ReleaseAnswer<Things> AskToRelease(Step.AskToRelease ask, string to)
    {
        OwnerOutcome outcome = Ask(
            ask.Split.From,
            owner => SplitSteps.Release(owner, ask.Split, to, ask.IsRehearsal, () => PartsOf(owner, ask.Split))
        );
        return outcome switch
        {
            OwnerOutcome.Released<Things> { Release: var release } => new ReleaseAnswer<Things>(
                null,
                null,
                release.SeparationId,
                release.Held,
                release.Separations
            ),
            OwnerOutcome.MovedBefore moved => new ReleaseAnswer<Things>(moved.To, null, "", Things.Empty, []),
            OwnerOutcome.ReleaseRefused refused => new ReleaseAnswer<Things>(null, refused.Code, "", Things.Empty, []),
            _ => new ReleaseAnswer<Things>(null, null, "", Things.Empty, []),
        };
    }

    private static Outcome<Parts<Things>> PartsOf(Ownership<Things> owner, SplitUnderWay split)
    {
        Identifier[] leaving = [.. split.Identifiers.Where(owner.Held.Holds)];
        Parts<Things> parts = owner.Held.Split(leaving);
        return leaving.Length == 0 ? new MergeBroughtNothing()
            : parts.Stays.Identifiers.IsEmpty ? new SplitOfEverything()
            : parts;
    }

    private void Repoint(Identifier identifier, string from, string to, long? asOf, long since)
    {
        _owners[identifier] = _owners[identifier].After(from, to, asOf, since);
    }

    private void Take(Identifier identifier, string from, string to, long since)
    {
        Repoint(identifier, from, to, asOf: null, since);
        while (_owners[identifier].Owner is var owner && owner != to)
        {
            Repoint(identifier, owner!, to, asOf: null, since);
            if (_owners[identifier].Owner == owner)
            {
                // A call of long ago, which changes nothing: whoever made it has lost a race.
                return;
            }
        }
    }
}
