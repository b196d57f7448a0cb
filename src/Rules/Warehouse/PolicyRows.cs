using System.Text.Json;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Warehouse;

/// <summary>The table of policies: what was in force when, and who brought it. The files themselves are not in it.</summary>
public static class PolicyRows
{
    public static MirrorTable Table { get; } =
        new(
            "policies",
            "Each entry of the history of each kind of policy. Before the first one what is built in was in force.",
            [
                new("kind", MirrorKind.Text, "The kind: identity, consent, access …"),
                new("number", MirrorKind.Number, "Which entry of the kind, from 1."),
                new("version", MirrorKind.Text, "The hash of what the file says; other tables name it."),
                new("in_force_from", MirrorKind.Time, "Since when it counts."),
                new("in_force_to", MirrorKind.Time, "Until when it did; missing: it still does."),
                new("action", MirrorKind.Text, "How it came into force: put, file, rollBack, approved …"),
                new("brought_by", MirrorKind.Text, "The name of the key that brought it; of a file: file."),
                new("approved_by", MirrorKind.Text, "The key that approved it; missing: the kind needs no approval."),
                new("replaces", MirrorKind.Text, "The version that was in force before."),
                new(
                    "roll_back_to",
                    MirrorKind.Number,
                    "Of a roll back: the entry that it repeats, 0 for what is built in."
                ),
            ]
        )
        {
            Key = ["kind", "number"],
            LoadedAt = "in_force_from",
            ChangesByItself = true,
        };

    /// <param name="next">The entry that followed; null: it is in force.</param>
    public static void Add(MirrorRows rows, string kind, PolicyEntry entry, PolicyEntry? next) =>
        rows.Add([
            kind,
            entry.Number,
            entry.Version,
            entry.At,
            next?.At,
            JsonNamingPolicy.CamelCase.ConvertName(entry.Action.ToString()),
            entry.By,
            entry.ApprovedBy,
            entry.Replaces.Length == 0 ? null : entry.Replaces,
            entry.RollBackTo,
        ]);
}
