using System.Collections.Immutable;

namespace Customer360.Rules.Access;

/// <summary>What a role of <c>access.yaml</c> may do beside reading: <c>does</c>. Who administers does everything.</summary>
[Flags]
public enum RoleTasks
{
    None = 0,

    /// <summary>Write down what a person says about consent.</summary>
    Consent = 1,

    /// <summary>
    /// Take what persons ask about their data, decide who is meant, and hand out what they are given. Who does this also sees those
    /// whose data is restricted.
    /// </summary>
    Privacy = 2,

    /// <summary>See leads, and say what becomes of them.</summary>
    Leads = 4,

    /// <summary>See audiences, who is in them and why, and try others out.</summary>
    Audiences = 8,

    /// <summary>See who gets the credit for revenue, and whether it adds up.</summary>
    Attribution = 16,
}

/// <summary>The names that policy files have for tasks.</summary>
public static class RoleTaskNames
{
    private static readonly ImmutableArray<(RoleTasks Task, string Name)> s_names =
    [
        (RoleTasks.Consent, "consent"),
        (RoleTasks.Privacy, "privacy"),
        (RoleTasks.Leads, "leads"),
        (RoleTasks.Audiences, "audiences"),
        (RoleTasks.Attribution, "attribution"),
    ];

    public static string Known { get; } = string.Join(", ", s_names.Select(one => one.Name));

    /// <summary>The task of a name; null where there is none.</summary>
    public static RoleTasks? Of(string name) =>
        s_names.FirstOrDefault(one => one.Name == name) is { Name: not null } found ? found.Task : null;

    /// <summary>The names of tasks, in the order of the file.</summary>
    public static IEnumerable<string> Of(RoleTasks tasks) =>
        s_names.Where(one => (tasks & one.Task) != RoleTasks.None).Select(one => one.Name);
}
