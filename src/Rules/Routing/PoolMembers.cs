using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Routing;

/// <summary>
/// Who of a pool may have a lead, at a time. Who is away, has as many leads as may be, or does not work is absent: the pool owes
/// him nothing for it. Who is there and may not have this lead is passed over, and is owed it.
/// </summary>
internal sealed class PoolMembers
{
    private readonly TeamState _team;
    private readonly DateTimeOffset _at;

    public PoolMembers(
        RoutingPool pool,
        FactSet facts,
        TeamState team,
        DateTimeOffset at,
        IReadOnlySet<string>? excluded
    )
    {
        (_team, _at) = (team, at);
        (IsWhole, IsFreeWhole) = (true, true);
        int count = pool.Members.IsEmpty ? team.Team.People.Length : pool.Members.Length;
        var free = ImmutableArray.CreateBuilder<PoolShare>(count);
        var working = ImmutableArray.CreateBuilder<PoolShare>(count);
        string? territory = pool.MatchesTerritory ? facts[RoutingFacts.Territory].Text : null;
        for (int index = 0; index < count; index++)
        {
            SalesPerson? person = pool.Members.IsEmpty ? team.Team.People[index] : team.Team.Find(pool.Members[index]);
            if (person is null || !person.IsActive || person.IsOnLeave(at) || !HasSkills(person, pool.Skills))
            {
                continue;
            }

            bool mayHave =
                (territory is null || person.Territories.Contains(territory)) && excluded?.Contains(person.Id) != true;
            IsAnyPresent |= mayHave;
            if (team.IsFull(person))
            {
                continue;
            }

            bool isWorking = !pool.AsksHours || person.Calendar.IsOpen(at);
            if (!mayHave)
            {
                (IsWhole, IsFreeWhole) = (IsWhole && !isWorking, false);
                continue;
            }

            var share = new PoolShare(person.Id, person.Weight);
            free.Add(share);
            if (isWorking)
            {
                working.Add(share);
            }
        }

        Free = free.DrainToImmutable();
        Working = working.DrainToImmutable();
    }

    /// <summary>True where somebody is active, not on leave, has the skills, and may have this lead.</summary>
    public bool IsAnyPresent { get; }

    /// <summary>Those of them who can take one more, by id (ordinal).</summary>
    public ImmutableArray<PoolShare> Free { get; }

    /// <summary>Those of them who work at this hour, if the pool asks that.</summary>
    public ImmutableArray<PoolShare> Working { get; }

    /// <summary>True where nobody who is there and works is passed over.</summary>
    public bool IsWhole { get; }

    /// <summary>True where nobody who is there is passed over, whether he works at this hour or not.</summary>
    public bool IsFreeWhole { get; }

    /// <summary>When the first of those who are free begins to work; null: nobody does.</summary>
    public DateTimeOffset? NextOpening() =>
        Free.Select(share => _team.Team.Find(share.PersonId)!.Calendar.NextOpening(_at))
            .Aggregate((DateTimeOffset?)null, Condition.Earlier);

    private static bool HasSkills(SalesPerson person, ImmutableArray<string> skills)
    {
        foreach (string skill in skills)
        {
            if (!person.Skills.Contains(skill))
            {
                return false;
            }
        }

        return true;
    }
}
