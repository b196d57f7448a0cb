using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Routing;

/// <summary>Those who take leads, by id.</summary>
public sealed class SalesTeam
{
    private readonly FrozenDictionary<string, SalesPerson> _byId;

    /// <exception cref="ArgumentException">Two have the same id.</exception>
    public SalesTeam(IEnumerable<SalesPerson> people)
    {
        People = [.. people.OrderBy(person => person.Id, StringComparer.Ordinal)];
        _byId = People.ToFrozenDictionary(person => person.Id, StringComparer.Ordinal);
    }

    public static SalesTeam Empty { get; } = new([]);

    /// <summary>By id, ordinal.</summary>
    public ImmutableArray<SalesPerson> People { get; }

    /// <summary>The person, or null.</summary>
    public SalesPerson? Find(string id) => _byId.GetValueOrDefault(id);
}

/// <summary>The team and how many open leads each of it has.</summary>
/// <param name="OpenLeads">By the person's id; who is not in it has none.</param>
public sealed record TeamState(SalesTeam Team, IReadOnlyDictionary<string, int> OpenLeads)
{
    /// <summary>True where the person has as many open leads as may be.</summary>
    public bool IsFull(SalesPerson person) =>
        person.Capacity is { } capacity && OpenLeads.GetValueOrDefault(person.Id) >= capacity;

    /// <summary>Whether a person can be given a lead; the first reason against it.</summary>
    public Availability AvailabilityOf(SalesPerson? person, DateTimeOffset at)
    {
        if (person is null)
        {
            return Availability.Unknown;
        }

        if (!person.IsActive)
        {
            return Availability.Inactive;
        }

        if (person.IsOnLeave(at))
        {
            return Availability.OnLeave;
        }

        if (IsFull(person))
        {
            return Availability.Full;
        }

        return person.Calendar.IsOpen(at) ? Availability.Available : Availability.OutsideHours;
    }
}
