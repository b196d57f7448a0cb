using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Destinations;

namespace Customer360.Grains;

/// <summary>
/// The audiences that a customer is in. They are decided when something has changed that they ask for, and by one reminder when the first
/// window runs out.
/// </summary>
/// <remarks>
/// What has changed is written before a message counts as applied, and the reminder is registered before that. After a crash in between the
/// message is folded again, and decided again. The membership and what is told of it are one write, so nobody hears of a change twice.
/// </remarks>
public sealed partial class CustomerGrain
{
    private const string AudienceReminder = "audiences";

    /// <summary>A recount that could not be made at once is made so soon.</summary>
    private static readonly TimeSpan s_recountDelay = TimeSpan.FromMinutes(1);

    /// <summary>The timers behind reminders go no further than 24 days: of what is due later the customer is reminded on the way.</summary>
    private static readonly TimeSpan s_reminderMax = TimeSpan.FromDays(20);

    public Task<CustomerAudiencesReply> GetAudiences()
    {
        if (State.MovedTo is not null || IsNobody())
        {
            return Task.FromResult(new CustomerAudiencesReply(State.MovedTo, false, [], null, default));
        }

        return Task.FromResult(
            new CustomerAudiencesReply(
                null,
                true,
                [.. State.Audiences.Standings.Members.Select(EntryOf)],
                State.Audiences.Standings.DueAt,
                JsonOf(_audiences.Compute())
            )
        );
    }

    public Task<AudienceWhyReply> ExplainAudience(string audience)
    {
        if (State.MovedTo is not null || IsNobody() || audiencePolicies.Current.Find(audience) is not { } definition)
        {
            return Task.FromResult(new AudienceWhyReply(State.MovedTo, false, null, default, null, false));
        }

        ConditionTrace trace = _audiences.Explain(definition);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            trace.WriteJson(writer);
        }

        AudienceMembership? membership = State.Audiences.Standings.Find(audience);
        return Task.FromResult(
            new AudienceWhyReply(
                null,
                true,
                membership is null ? null : EntryOf(membership),
                buffer.ToArray(),
                _audiences.ChangesAt(definition),
                _audiences.HasToRecount
            )
        );
    }

    public async Task<string?> TellFacts(ReadOnlyMemory<byte> factsJson)
    {
        if (State.MovedTo is not null || IsNobody() || audiencePolicies.Current.IsEmpty)
        {
            return State.MovedTo;
        }

        using var document = JsonDocument.Parse(factsJson);
        FactSet told = FactJson.ReadSet(document.RootElement)!;
        if (!told.Values.OrderBy(one => one.Key).SequenceEqual(State.Audiences.Told.Values.OrderBy(one => one.Key)))
        {
            State.Audiences = State.Audiences with { Told = told };
            _audiences.HearOfAll("told");
            if (!(await DecideAudiences()).IsWritten)
            {
                // It stands in no log: what is not written is not known after a crash.
                await _writer.Now();
            }
        }

        return null;
    }

    public async Task<AudienceLookReply> LookAtAudiences()
    {
        if (State.MovedTo is not null || IsNobody())
        {
            return new AudienceLookReply(State.MovedTo, 0);
        }

        _audiences.HearOfAll("look");
        string before = State.Audiences.Standings.PolicyVersion;
        (int changes, bool isWritten) = await DecideAudiences();
        if (!isWritten && State.Audiences.Standings.PolicyVersion != before)
        {
            // Or every backfill would wake it again, and a later message's doing would be put down to the definition.
            await _writer.Now();
        }

        return new AudienceLookReply(null, changes);
    }

    /// <summary>A window has run out, or a recount is owed.</summary>
    private async Task ReceiveAudienceReminder()
    {
        DateTimeOffset? due = _audiences.DueAt;
        // Whatever the state says was registered has fired, or was replaced by what has: a crash may have come between a registration and
        // its write. What is due next is registered anew.
        State.Audiences = State.Audiences with
        {
            RemindAt = null,
        };
        _writer.Changed();
        if (State.MovedTo is null)
        {
            _audiences.HearOfAll(string.Create(null, $"time:{due?.UtcTicks ?? 0}"));
            await DecideAudiences();
        }

        if (State.Audiences.RemindAt is null)
        {
            await EndReminder(AudienceReminder);
        }
    }

    /// <summary>Recounts where that is owed, decides, and writes what has changed of memberships.</summary>
    /// <returns>How many changes of membership there were, and whether the state was written.</returns>
    private async Task<(int Changes, bool IsWritten)> DecideAudiences()
    {
        await Recount();
        ImmutableArray<AudienceTransition> transitions = _audiences.Decide();
        bool isWritten = State.Members is not null;
        await KeepAudiences(transitions);
        return (transitions.Length, isWritten);
    }

    /// <summary>
    /// Decides at the end of a call that has folded messages. Completed: there is nothing to wait for. Mostly nobody enters or leaves, and
    /// what is due later than the reminder is found by the reminder.
    /// </summary>
    private Task SettleAudiences()
    {
        if (!_audiences.HasToDecide)
        {
            return Task.CompletedTask;
        }

        if (_audiences.HasToRecount)
        {
            return DecideAudiences();
        }

        ImmutableArray<AudienceTransition> transitions = _audiences.Decide();
        return State.Members is null && !HasToRemind ? Task.CompletedTask : KeepAudiences(transitions);
    }

    /// <summary>
    /// Writes a change of membership. Readers see it once it is written, as with a change of identity: the shelf has nothing meanwhile.
    /// </summary>
    private async Task KeepAudiences(ImmutableArray<AudienceTransition> transitions)
    {
        bool isChanged = State.Members is not null;
        if (isChanged)
        {
            _show.TakeOff();
            State.Revision++;
        }

        await Remind();
        if (isChanged)
        {
            Emit(transitions);
            await _writer.Now();
            State.Members = null;
            _show.PutBack();
        }
    }

    /// <summary>
    /// Decides as a part of a change of identity, of consent or of what was told: what it comes to is in the same write. Where the log would
    /// have to be read first, that is left to the reminder, since a merge does not wait for it.
    /// </summary>
    private async Task DecideWithChange()
    {
        if (!_audiences.HasToDecide)
        {
            return;
        }

        if (State.MovedTo is null && _audiences.HasToRecount && !_show.ConsentNow.IsRestricted)
        {
            // Of who is restricted nothing is used, so nothing has to be counted first: she leaves with this write.
            await RemindAt(time.GetUtcNow() + s_recountDelay);
            return;
        }

        ImmutableArray<AudienceTransition> transitions = _audiences.Decide();
        if (State.Members is not null)
        {
            State.Revision++;
        }

        Emit(transitions);
        await Remind();
    }

    /// <summary>
    /// What changes tell others. Of who is held out nobody is told; and who was brought along by a merge or a split has not entered, which is
    /// told by the merge or the split.
    /// </summary>
    private void Emit(ImmutableArray<AudienceTransition> transitions)
    {
        foreach (AudienceTransition transition in transitions)
        {
            GridInstruments.AudienceChanges.Add(
                1,
                new KeyValuePair<string, object?>("change", NameOf(transition.Change))
            );
            if (transition is { IsHeldOut: false, Change: AudienceChange.Entered or AudienceChange.Left })
            {
                Cause([
                    Effect.Audience(
                        transition.Change == AudienceChange.Entered,
                        Id,
                        transition.Audience,
                        // The same cause may bring about the same change again: a file that is put back, a stage that comes again.
                        string.Create(CultureInfo.InvariantCulture, $"{transition.Hash} {State.Revision}"),
                        transition.Cause,
                        transition.At
                    ),
                ]);
            }
        }
    }

    private static string NameOf(AudienceChange change) => JsonNamingPolicy.CamelCase.ConvertName(change.ToString());

    private bool HasToRemind =>
        _audiences.DueAt is { } due
        && (State.Audiences.RemindAt is not { } remind || due < remind || remind <= time.GetUtcNow());

    /// <summary>A reminder that comes too early finds nothing to do and is set anew; so only an earlier time needs one at once.</summary>
    private Task Remind() => HasToRemind ? RemindAt(_audiences.DueAt!.Value) : Task.CompletedTask;

    private async Task RemindAt(DateTimeOffset at)
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan until = at - now;
        until =
            until < TimeSpan.Zero ? TimeSpan.Zero
            : until > s_reminderMax ? s_reminderMax
            : until;
        try
        {
            await this.RegisterOrUpdateReminder(AudienceReminder, until, s_reminderPeriod);
        }
        catch
        {
            // What was decided must not be written at the end either, since it would count as told: the next activation decides it again.
            _writer.Abandon();
            GiveUp();
            throw;
        }

        State.Audiences = State.Audiences with { RemindAt = now + until };
        _writer.Changed();
    }

    /// <summary>Counts the messages of each identifier whose tallies are of other events, from the log.</summary>
    private async Task Recount()
    {
        if (!_audiences.HasToRecount)
        {
            return;
        }

        State.Map = await new TallyRecount(eventLog, WithoutSuppressed).Of(
            State.Map,
            _audiences.Selection!,
            CancellationToken.None
        );
        _writer.Changed();
    }

    private static CustomerAudience EntryOf(AudienceMembership member) =>
        new(member.Audience, member.Since, member.Cause);

    private static byte[] JsonOf(ImmutableSortedDictionary<string, FactValue> facts)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            FactJson.Write(writer, new FactSet(facts));
        }

        return buffer.ToArray();
    }
}
