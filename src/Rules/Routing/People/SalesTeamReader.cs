using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Routing;

/// <summary>
/// Reads a directory of sales people: <c>calendars: {name: hours}</c> and <c>people: {id: {calendar, active?, capacity?, weight?,
/// skills?, territories?, manager?, callers?, leave?: [{from, until}], zone?, week?, holidays?}}</c>. What a person says of hours counts
/// before the calendar; days of leave are by the person's own clock, the last one included.
/// </summary>
public static class SalesTeamReader
{
    /// <summary>People of a team at most.</summary>
    public const int PeopleMax = 5_000;

    /// <summary>The highest weight.</summary>
    public const int WeightMax = 1_000;

    /// <summary>The highest capacity.</summary>
    public const int CapacityMax = 100_000;

    private const int IdLengthMax = 200;

    /// <summary>The team; null, and all faults, where it can't be read.</summary>
    public static (SalesTeam? Team, ImmutableArray<ConfigFault> Faults) Read(ConfigNode node)
    {
        List<ConfigFault> faults = [];
        var root = new ConfigSection("", node, faults, "calendars", "people");
        var calendars = new Dictionary<string, WorkingCalendar?>(StringComparer.Ordinal);
        var calendarSection = new ConfigSection("calendars", root.Find("calendars"), faults);
        var reader = new CalendarReader(faults);
        foreach (ConfigMember member in calendarSection.Members)
        {
            var section = new ConfigSection(
                calendarSection.PathOf(member.Name),
                member.Value,
                faults,
                CalendarReader.Zone,
                CalendarReader.Week,
                CalendarReader.Holidays
            );
            calendars[member.Name] = reader.Read(section, otherwise: null);
        }

        var people = new List<SalesPerson>();
        var peopleSection = new ConfigSection("people", root.Find("people"), faults);
        foreach (ConfigMember member in peopleSection.Members)
        {
            if (member.Name.Length is 0 or > IdLengthMax)
            {
                peopleSection.Fault(member.Line, "people", "An id has 1 to 200 characters.");
            }
            else if (ReadPerson(peopleSection.PathOf(member.Name), member, calendars, reader, faults) is { } person)
            {
                people.Add(person);
            }
        }

        if (people.Count > PeopleMax)
        {
            root.Fault("people", string.Create(CultureInfo.InvariantCulture, $"It must hold {PeopleMax} at most."));
        }

        var ids = people.Select(person => person.Id).ToHashSet(StringComparer.Ordinal);
        foreach (SalesPerson person in people.Where(one => one.Manager is { } manager && !ids.Contains(manager)))
        {
            root.Fault(peopleSection.LineOf(person.Id), $"people.{person.Id}.manager", "There is no such person here.");
        }

        return faults.Count > 0 ? (null, [.. faults.OrderBy(fault => fault.Line)]) : (new SalesTeam(people), []);
    }

    private static SalesPerson? ReadPerson(
        string path,
        ConfigMember member,
        Dictionary<string, WorkingCalendar?> calendars,
        CalendarReader reader,
        List<ConfigFault> faults
    )
    {
        int before = faults.Count;
        var section = new ConfigSection(
            path,
            member.Value,
            faults,
            "calendar",
            "active",
            "capacity",
            "weight",
            "skills",
            "territories",
            "manager",
            "callers",
            "leave",
            CalendarReader.Zone,
            CalendarReader.Week,
            CalendarReader.Holidays
        );
        WorkingCalendar? named = null;
        if (section.Find("calendar") is not null && section.RequiredText("calendar") is { } name)
        {
            if (!calendars.TryGetValue(name, out named))
            {
                section.Fault("calendar", "There is no such calendar here.");
            }
            else if (named is null)
            {
                return null;
            }
        }

        WorkingCalendar? calendar = reader.Read(section, named);
        int? capacity = section.Find("capacity") is { IsNothing: false }
            ? section.Whole("capacity", null, 0, CapacityMax)
            : null;
        int weight = section.Whole("weight", 1, 1, WeightMax) ?? 1;
        bool isActive = section.Flag("active", otherwise: true);
        string? manager = section.Find("manager") is null ? null : section.RequiredText("manager");
        ImmutableArray<LeaveSpan> leave = calendar is null ? [] : ReadLeave(section, calendar, faults);
        FrozenSet<string> skills = Set(section, "skills");
        FrozenSet<string> territories = Set(section, "territories");
        FrozenSet<string> callers = Set(section, "callers");
        return faults.Count > before
            ? null
            : new SalesPerson(member.Name, calendar!)
            {
                IsActive = isActive,
                Leave = leave,
                Capacity = capacity,
                Weight = weight,
                Skills = skills,
                Territories = territories,
                Manager = manager,
                Callers = callers,
            };
    }

    private static FrozenSet<string> Set(ConfigSection section, string name) =>
        section.Texts(name).Select(text => text.Text).ToFrozenSet(StringComparer.Ordinal);

    private static ImmutableArray<LeaveSpan> ReadLeave(
        ConfigSection section,
        WorkingCalendar calendar,
        List<ConfigFault> faults
    )
    {
        if (section.Find("leave") is not { IsNothing: false } list)
        {
            return [];
        }

        if (list.Kind != ConfigKind.List)
        {
            section.Fault("leave", "It must be a list of {from, until}.");
            return [];
        }

        var spans = ImmutableArray.CreateBuilder<LeaveSpan>(list.Items.Length);
        for (int index = 0; index < list.Items.Length; index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{section.PathOf("leave")}[{index}]");
            var span = new ConfigSection(path, list.Items[index], faults, "from", "until");
            DateOnly? from = CalendarReader.DateOf(span.RequiredText("from") ?? "");
            DateOnly? until = CalendarReader.DateOf(span.RequiredText("until") ?? "");
            if (from is null || until is null || until < from)
            {
                span.Fault(
                    "from",
                    "It must be two dates, the first not after the last: {from: 2026-12-20, until: 2027-01-02}."
                );
                continue;
            }

            spans.Add(new LeaveSpan(calendar.InstantOf(from.Value, 0), calendar.InstantOf(until.Value.AddDays(1), 0)));
        }

        return [.. spans.OrderBy(span => span.From)];
    }
}
