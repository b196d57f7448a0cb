using System.Text.Json;
using Customer360.Simulation.Storage;

namespace Customer360.Simulation.Runs;

/// <summary>Reads from the disk at which steps of merges and splits a process dies.</summary>
internal static class CrashSites
{
    public static void Note(Disk disk, Marks marks)
    {
        Dictionary<string, JsonElement> customers = [];
        foreach (var (key, state) in disk.States(OperationNames.Customer))
        {
            customers.Add(key, JsonDocument.Parse(state.Json).RootElement);
        }

        HashSet<string> reminded = [.. disk.Reminders.Select(reminder => reminder.GrainKey)];
        foreach ((string id, JsonElement state) in customers)
        {
            if (state.TryGetProperty("merge", out JsonElement merge))
            {
                marks.Hit(StepOf(id, state, merge, customers, disk));
            }
            else if (state.GetProperty("status").GetString() == "retired" && reminded.Contains(id))
            {
                marks.Hit(Mark.CrashMergeRetired);
            }

            if (state.TryGetProperty("split", out JsonElement split))
            {
                marks.Hit(
                    StepOf(id, state, split, customers, disk, isKept: split.TryGetProperty("separationId", out _))
                );
            }
        }
    }

    private static Mark StepOf(
        string id,
        JsonElement state,
        JsonElement merge,
        Dictionary<string, JsonElement> customers,
        Disk disk
    )
    {
        string mergeId = merge.GetProperty("mergeId").GetString()!;
        bool isAbsorbed = customers.Values.Any(one =>
            one.GetProperty("absorbed").EnumerateArray().Any(absorbed => absorbed.GetString() == mergeId)
        );
        if (!isAbsorbed)
        {
            return Mark.CrashMergeSealed;
        }

        if (disk.FindDecision(mergeId) is null)
        {
            return Mark.CrashMergeAbsorbed;
        }

        int mine = Owned(disk, id);
        return mine == state.GetProperty("entries").GetArrayLength() ? Mark.CrashMergeRecorded
            : mine > 0 ? Mark.CrashMergeRepointing
            : Mark.CrashMergeRepointed;
    }

    private static Mark StepOf(
        string id,
        JsonElement state,
        JsonElement split,
        Dictionary<string, JsonElement> customers,
        Disk disk,
        bool isKept
    )
    {
        string splitId = split.GetProperty("splitId").GetString()!;
        bool isReleased = customers.Values.Any(one =>
            one.TryGetProperty("releases", out JsonElement releases)
            && releases.EnumerateArray().Any(release => release.GetProperty("splitId").GetString() == splitId)
        );
        if (!isKept)
        {
            return isReleased ? Mark.CrashSplitReleased : Mark.CrashSplitIntended;
        }

        bool isRepointed = Owned(disk, id) == state.GetProperty("entries").GetArrayLength();
        return !isReleased ? Mark.CrashSplitConfirmed
            : isRepointed ? Mark.CrashSplitRepointed
            : Mark.CrashSplitKept;
    }

    private static int Owned(Disk disk, string customer) =>
        disk.States("identifier")
            .Count(one => JsonDocument.Parse(one.State.Json).RootElement.GetProperty("owner").GetString() == customer);
}
