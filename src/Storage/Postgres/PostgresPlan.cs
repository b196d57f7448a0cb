using System.Globalization;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Postgres.Tables;
using Customer360.Storage.Work;

namespace Customer360.Storage.Postgres;

/// <summary>
/// Turns the requests of a batch into few statements: one per kind of request. Requests for the same row (a state, a
/// partition) go in rounds, in their order, since one statement can't change a row twice.
/// </summary>
internal static class PostgresPlan
{
    public static List<PostgresStep> Writes(IReadOnlyList<PipelineWork> batch)
    {
        List<PostgresStep> steps = [];
        foreach (List<PipelineWork> round in Rounds(batch))
        {
            AddLog(round, steps);
            AddStates(round, steps);
            steps.AddRange(round.Select(AloneOrNull).OfType<PostgresStep>());
        }

        return steps;
    }

    public static List<PostgresStep> Reads(IReadOnlyList<PipelineWork> batch)
    {
        List<PostgresStep> steps = [];
        foreach (IGrouping<string, StateReadWork> kind in batch.OfType<StateReadWork>().GroupBy(work => work.Kind))
        {
            steps.Add(new StateTable.ReadStep(kind.Key, [.. kind]));
        }

        List<AnchorReadWork> anchors = [.. batch.OfType<AnchorReadWork>()];
        if (anchors.Count > 0)
        {
            steps.Add(new EventLogTable.AnchorsStep(anchors));
        }

        List<MessageReadWork> messages = [.. batch.OfType<MessageReadWork>()];
        if (messages.Count > 0)
        {
            steps.Add(new EventLogTable.MessagesStep(messages));
        }

        return steps;
    }

    private static List<List<PipelineWork>> Rounds(IReadOnlyList<PipelineWork> batch)
    {
        Dictionary<(string, string), int> timesSeen = [];
        List<List<PipelineWork>> rounds = [];
        foreach (PipelineWork work in batch)
        {
            int round = 0;
            if (RowOf(work) is { } row)
            {
                round = timesSeen.GetValueOrDefault(row);
                timesSeen[row] = round + 1;
            }

            while (rounds.Count <= round)
            {
                rounds.Add([]);
            }

            rounds[round].Add(work);
        }

        return rounds;
    }

    private static (string Kind, string Key)? RowOf(PipelineWork work) =>
        work switch
        {
            AppendWork append => ("", append.Partition.ToString(CultureInfo.InvariantCulture)),
            StateWriteWork write => (write.Kind, write.Key),
            StateClearWork clear => (clear.Kind, clear.Key),
            _ => null,
        };

    private static void AddLog(List<PipelineWork> round, List<PostgresStep> steps)
    {
        // Rows are changed in a fixed order, so that two processes do not wait for each other crosswise.
        List<AppendWork> appends = [.. round.OfType<AppendWork>().OrderBy(work => work.Partition)];
        if (appends.Count > 0)
        {
            steps.Add(new EventLogTable.AppendStep(appends));
        }

        List<CheckpointWork> checkpoints = [.. round.OfType<CheckpointWork>().OrderBy(work => work.Partition)];
        if (checkpoints.Count > 0)
        {
            steps.Add(new EventLogTable.CheckpointStep(checkpoints));
        }

        List<DecisionsWork> decisions = [.. round.OfType<DecisionsWork>()];
        if (decisions.Count > 0)
        {
            steps.Add(new DecisionTable.InsertStep(decisions));
        }
    }

    private static void AddStates(List<PipelineWork> round, List<PostgresStep> steps)
    {
        IEnumerable<IGrouping<(string Kind, bool IsFirst), StateWriteWork>> writes = round
            .OfType<StateWriteWork>()
            .OrderBy(work => work.Key, StringComparer.Ordinal)
            .GroupBy(work => (work.Kind, IsFirst: work.ExpectedVersion == 0))
            .OrderBy(group => group.Key.Kind, StringComparer.Ordinal);
        foreach (IGrouping<(string Kind, bool IsFirst), StateWriteWork> group in writes)
        {
            steps.Add(
                group.Key.IsFirst
                    ? new StateTable.InsertStep(group.Key.Kind, [.. group])
                    : new StateTable.UpdateStep(group.Key.Kind, [.. group])
            );
        }

        foreach (IGrouping<string, StateClearWork> group in round.OfType<StateClearWork>().GroupBy(work => work.Kind))
        {
            steps.Add(new StateTable.DeleteStep(group.Key, [.. group]));
        }
    }

    /// <summary>The seldom requests have a statement each; null for those that share one.</summary>
    private static PostgresStep? AloneOrNull(PipelineWork request) =>
        request switch
        {
            OpenPartitionWork work => new EventLogTable.OpenPartitionStep(work),
            ReminderUpsertWork work => new ReminderTable.UpsertStep(work),
            ReminderRemoveWork work => new ReminderTable.DeleteStep(work),
            QuarantineAddWork work => new QuarantineTable.InsertStep(work),
            QuarantineRemoveWork work => new QuarantineTable.DeleteStep(work),
            ProbeWork work => new ProbeStep(work),
            IPostgresWork work => work.ToStep(),
            AppendWork or CheckpointWork or DecisionsWork or StateWriteWork or StateClearWork => null,
            _ => throw UnknownWork.Refuse(request),
        };
}

/// <summary>A request that brings its own statement.</summary>
internal interface IPostgresWork
{
    PostgresStep ToStep();
}
