using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Audiences;

/// <summary>How a customer's place in an audience changes.</summary>
public enum AudienceChange
{
    Entered = 1,
    Left = 2,

    /// <summary>
    /// It is in as the customer was that it has come together with, or from which it was taken. Nobody has entered; whoever keeps a list of
    /// its own learns the new customer id.
    /// </summary>
    Carried = 3,
}

/// <summary>A change of membership.</summary>
/// <param name="Cause">
/// <c>message:PARTITION/POSITION</c>, <c>time:TICKS</c>, <c>identity:ID</c> of a merge or a split, <c>definition:VERSION</c>, or another word of
/// whoever had it decided.
/// </param>
/// <param name="IsHeldOut">
/// Nothing is delivered: the customer is in the holdout, or leaves and nobody was told that it had entered.
/// </param>
public sealed record AudienceTransition(
    string Audience,
    AudienceChange Change,
    DateTimeOffset At,
    string Cause,
    string Hash,
    bool IsHeldOut
);

/// <summary>What deciding came to.</summary>
/// <param name="Dues">Per audience of the policy, in its order: the tick at which it may change by itself; <see cref="long.MaxValue"/>: never.</param>
public sealed record AudienceOutcome(
    AudienceStandings Standings,
    ImmutableArray<AudienceTransition> Transitions,
    ImmutableArray<long> Dues
);

/// <summary>Who is asked about, and what was before.</summary>
/// <param name="IsRestricted">What is known is kept and not used: it is in none.</param>
/// <param name="Carried">The standings of the customer that it has come together with, or was taken from; null: of none.</param>
public sealed record AudienceSubject(
    string CustomerId,
    AudienceStandings Before,
    bool IsRestricted = false,
    AudienceStandings? Carried = null
);

/// <summary>Decides in which audiences a customer is.</summary>
public static class AudienceRules
{
    private const int Hundredths = 10_000;
    private const int StepsMax = 200;

    /// <param name="dues">Of the last time, by the same policy; default: all are decided.</param>
    /// <param name="concerned">Which may have changed; those that are due are decided in any case.</param>
    public static AudienceOutcome Decide(
        AudiencePolicy policy,
        AudienceSubject subject,
        AudienceFacts facts,
        AudienceSet concerned,
        ImmutableArray<long> dues,
        DateTimeOffset at,
        string cause
    )
    {
        AudienceStandings before = subject.Carried is { } carried
            ? AudienceStandings.Join(subject.Before, carried)
            : subject.Before;
        bool isAnew = before.PolicyVersion != policy.Version || dues.IsDefault;
        var next = dues.IsDefault
            ? Enumerable.Repeat(long.MaxValue, policy.Audiences.Length).ToImmutableArray().ToBuilder()
            : dues.ToBuilder();
        HashSet<string> moved = new(StringComparer.Ordinal);
        List<AudienceMembership> members = [];
        List<AudienceTransition> transitions = [];
        for (int place = 0; place < policy.Audiences.Length; place++)
        {
            AudienceDefinition audience = policy.Audiences[place];
            AudienceMembership? was = before.Find(audience.Name);
            AudienceMembership? now = was;
            // Those that another one asks for stand before it, and one of them may have run out just now.
            bool isAskedAnew = moved.Count > 0 && ConditionParts.AudiencesOf(audience.If).Any(moved.Contains);
            if (isAnew || isAskedAnew || concerned.Has(place) || next[place] <= at.UtcTicks)
            {
                (bool isIn, next[place]) = Decide(audience, subject, was, facts, at);
                now = isIn ? Member(audience, was, at, cause) : null;
            }

            if ((was is null) != (now is null))
            {
                moved.Add(audience.Name);
            }

            bool isHeldOut = IsHeldOut(audience, subject.CustomerId);
            bool wasTold = was is not null && (was.IsTold ?? !isHeldOut);
            if (now is not null)
            {
                facts.Enter(audience.Name);
                now = now.IsTold == !isHeldOut ? now : now with { IsTold = !isHeldOut };
                members.Add(now);
            }

            if (ChangeOf(was, now, wasTold, isHeldOut, subject) is { } change)
            {
                // Who leaves is told of to whoever was told that she came, whatever the holdout of now is.
                bool isSilent = change == AudienceChange.Left ? !wasTold : isHeldOut;
                transitions.Add(new AudienceTransition(audience.Name, change, at, cause, audience.Hash, isSilent));
            }
        }

        foreach (AudienceMembership gone in before.Members.Where(one => policy.Find(one.Audience) is null))
        {
            transitions.Add(LeftWithDefinition(gone, at, cause));
        }

        long due = next.Count == 0 ? long.MaxValue : next.Min();
        return new AudienceOutcome(
            new AudienceStandings(
                policy.Version,
                [.. members.OrderBy(one => one.Audience, StringComparer.Ordinal)],
                due == long.MaxValue ? null : new DateTimeOffset(due, TimeSpan.Zero)
            ),
            [.. transitions],
            next.ToImmutable()
        );
    }

    /// <summary>
    /// When a customer's place in an audience will change by itself, if nothing happens: a window ends, a stay is over, or one of the
    /// audiences that it asks for changes. Null: never, or not within the next <see cref="StepsMax"/> changes of what it asks for.
    /// </summary>
    /// <param name="factsAt">What is known, as it will be looked at at a time.</param>
    public static DateTimeOffset? ChangesAt(
        AudiencePolicy policy,
        AudienceDefinition audience,
        AudienceSubject subject,
        Func<DateTimeOffset, AudienceFacts> factsAt,
        DateTimeOffset now
    )
    {
        HashSet<string> asked = new(StringComparer.Ordinal) { audience.Name };
        // Those that another one asks for stand before it.
        foreach (AudienceDefinition one in policy.Audiences.Reverse().Where(one => asked.Contains(one.Name)))
        {
            asked.UnionWith(ConditionParts.AudiencesOf(one.If));
        }

        AudienceDefinition[] needed = [.. policy.Audiences.Where(one => asked.Contains(one.Name))];
        Dictionary<string, AudienceMembership?> standing = needed.ToDictionary(
            one => one.Name,
            one => subject.Before.Find(one.Name),
            StringComparer.Ordinal
        );
        bool? isIn = null;
        DateTimeOffset at = now;
        for (int step = 0; step < StepsMax; step++)
        {
            AudienceFacts facts = factsAt(at);
            long due = long.MaxValue;
            foreach (AudienceDefinition one in needed)
            {
                AudienceMembership? was = standing[one.Name];
                (bool isMember, long next) = Decide(one, subject, was, facts, at);
                due = Math.Min(due, next);
                standing[one.Name] = isMember ? was ?? new AudienceMembership(one.Name, at, "", one.Hash) : null;
                if (isMember)
                {
                    facts.Enter(one.Name);
                }
            }

            bool isMemberThen = standing[audience.Name] is not null;
            isIn ??= isMemberThen;
            if (isIn != isMemberThen)
            {
                return at;
            }

            if (due == long.MaxValue || due <= at.UtcTicks)
            {
                return null;
            }

            at = new DateTimeOffset(due, TimeSpan.Zero);
        }

        return null;
    }

    /// <summary>
    /// True of those of an audience that are held out. By hash of customer and audience, so it is the same at every time, and a merged
    /// customer has the arm of the one that stays.
    /// </summary>
    public static bool IsHeldOut(AudienceDefinition audience, string customerId) =>
        audience.HoldoutPercent > 0
        && Assignment.Of(customerId, audience.Name) < audience.HoldoutPercent * Hundredths / 100;

    private static (bool IsIn, long Due) Decide(
        AudienceDefinition audience,
        AudienceSubject subject,
        AudienceMembership? was,
        AudienceFacts facts,
        DateTimeOffset at
    )
    {
        if (subject.IsRestricted)
        {
            return (false, long.MaxValue);
        }

        bool holds = audience.If.Evaluate(facts, at) == Truth.True;
        long due = audience.If.NextChange(facts, at)?.UtcTicks ?? long.MaxValue;
        if (!holds && was is not null && at < was.Since + audience.MinimumStay)
        {
            return (true, Math.Min(due, (was.Since + audience.MinimumStay).UtcTicks));
        }

        return (holds, due);
    }

    private static AudienceMembership Member(
        AudienceDefinition audience,
        AudienceMembership? was,
        DateTimeOffset at,
        string cause
    ) =>
        was is null ? new AudienceMembership(audience.Name, at, cause, audience.Hash)
        : was.Hash == audience.Hash ? was
        : was with { Hash = audience.Hash };

    /// <summary>
    /// Who stays in and comes into the holdout, or out of it, leaves or enters for whoever keeps a list of those that are told: by a merge
    /// (the arm is the one of the customer that stays), or by another policy.
    /// </summary>
    private static AudienceChange? ChangeOf(
        AudienceMembership? was,
        AudienceMembership? now,
        bool wasTold,
        bool isHeldOut,
        AudienceSubject subject
    ) =>
        (was, now) switch
        {
            (null, not null) => AudienceChange.Entered,
            (not null, null) => AudienceChange.Left,
            (not null, not null) when wasTold && isHeldOut => AudienceChange.Left,
            (not null, not null) when !wasTold && !isHeldOut => AudienceChange.Entered,
            (not null, not null) when subject.Before.Find(now.Audience) is null => AudienceChange.Carried,
            _ => null,
        };

    private static AudienceTransition LeftWithDefinition(AudienceMembership gone, DateTimeOffset at, string cause) =>
        new(gone.Audience, AudienceChange.Left, at, cause, gone.Hash, IsHeldOut: gone.IsTold == false);
}
