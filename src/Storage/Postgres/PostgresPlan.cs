using System.Collections.Immutable;
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
    public static List<PostgresStep> Writes(IReadOnlyList<PipelineWork> batch, RemovedHash hash)
    {
        List<PostgresStep> steps = [];
        List<AuditWrite> audit = [.. batch.SelectMany(work => AuditOf(work))];
        if (audit.Count > 0)
        {
            steps.Add(new AuditTable.LockStep(audit));
        }

        List<(string Destination, string Subject)> subjects = OutboxTable.SubjectsOf(batch);
        if (subjects.Count > 0)
        {
            steps.Add(new OutboxTable.SubjectsStep(subjects, isLock: false));
            steps.Add(new OutboxTable.SubjectsStep(subjects, isLock: true));
        }

        foreach (List<PipelineWork> round in Rounds(batch))
        {
            AddLog(round, steps, hash);
            AddStates(round, steps);
            AddAudit(round, steps);
            steps.AddRange(round.Select(AloneOrNull).OfType<PostgresStep>());
            AddErasure(round, steps);
            steps.AddRange(
                round
                    .OfType<OutboxSettleWork>()
                    .Where(OutboxTable.PassStep.IsNeeded)
                    .Select(work => new OutboxTable.PassStep(work))
            );
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
            OutboxTakeWork or OutboxSettleWork or OutboxReplayWork => ("", "outbox"),
            _ => null,
        };

    private static void AddLog(List<PipelineWork> round, List<PostgresStep> steps, RemovedHash hash)
    {
        // Rows are changed in a fixed order, so that two processes do not wait for each other crosswise.
        List<AppendWork> appends = [.. round.OfType<AppendWork>().OrderBy(work => work.Partition)];
        if (appends.Count > 0)
        {
            steps.Add(new EventLogTable.AppendStep(appends, hash));
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

    private static ImmutableArray<AuditWrite> AuditOf(PipelineWork request) =>
        request switch
        {
            DecisionsWork work => work.Audit,
            StateWriteWork work => work.Audit,
            AuditWork work => work.Audit,
            _ => [],
        };

    private static void AddAudit(List<PipelineWork> round, List<PostgresStep> steps)
    {
        List<AuditWork> works = [.. round.OfType<AuditWork>()];
        if (works.Count > 0)
        {
            steps.Add(new AuditTable.AppendStep(works));
        }
    }

    private static void AddStates(List<PipelineWork> round, List<PostgresStep> steps)
    {
        IEnumerable<IGrouping<(string Kind, bool IsFirst), StateWriteWork>> writes = round
            .OfType<StateWriteWork>()
            .Where(work => work.IsAlone)
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

        // Each of these locks a state and its row of the list: in a fixed order, as above.
        steps.AddRange(
            round
                .OfType<StateWriteWork>()
                .Where(work => !work.IsAlone)
                .OrderBy(work => work.Key, StringComparer.Ordinal)
                .Select(work => new StateTable.WriteTogetherStep(work))
        );

        foreach (IGrouping<string, StateClearWork> group in round.OfType<StateClearWork>().GroupBy(work => work.Kind))
        {
            steps.Add(new StateTable.DeleteStep(group.Key, [.. group]));
        }
    }

    /// <summary>One request here is two statements.</summary>
    private static void AddErasure(List<PipelineWork> round, List<PostgresStep> steps)
    {
        foreach (LogErasureWork work in round.OfType<LogErasureWork>())
        {
            steps.Add(new EventLogTable.RemoveStep(work));
            steps.Add(new EventLogTable.ReplaceStep(work));
        }

        foreach (DecisionErasureWork work in round.OfType<DecisionErasureWork>())
        {
            steps.Add(new DecisionTable.DeleteStep(work));
            steps.Add(new DecisionTable.ReplaceStep(work));
        }
    }

    /// <summary>Rare requests have a statement each; null for those that share one.</summary>
    private static PostgresStep? AloneOrNull(PipelineWork request) =>
        request switch
        {
            OpenPartitionWork work => new EventLogTable.OpenPartitionStep(work),
            ReminderUpsertWork work => new ReminderTable.UpsertStep(work),
            ReminderRemoveWork work => new ReminderTable.DeleteStep(work),
            QuarantineAddWork work => new QuarantineTable.InsertStep(work),
            QuarantineRemoveWork work => new QuarantineTable.DeleteStep(work),
            SuppressWork work => new SuppressionTable.InsertStep(work),
            ProbeWork work => new ProbeStep(work),
            OutboxTakeWork work => new OutboxTable.TakeStep(work),
            OutboxSettleWork work => new OutboxTable.SettleStep(work),
            OutboxReplayWork work => new OutboxTable.ReplayStep(work),
            OutboxTrimWork work => new OutboxTable.TrimStep(work),
            IPostgresWork work => work.ToStep(),
            AppendWork or CheckpointWork or DecisionsWork or AuditWork or StateWriteWork or StateClearWork => null,
            LogErasureWork or DecisionErasureWork => null,
            _ => throw UnknownWork.Refuse(request),
        };
}

/// <summary>A request that brings its own statement.</summary>
internal interface IPostgresWork
{
    PostgresStep ToStep();
}
