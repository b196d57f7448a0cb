using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>
/// Does steps by the ordinary calls between grains. Each may be done again: the ids that it carries tell a repeat from news.
/// </summary>
/// <param name="by">The name of the key that asked for the job.</param>
internal sealed class StepRunner(JobTools tools, IdentityRules rules, string jobId, string by)
{
    /// <summary>Customers that steps are done with at the same moment.</summary>
    private const int Together = 4;

    /// <summary>A customer that is splitting answers soon; so many waits in a row are a bug.</summary>
    private const int AttemptsMax = 16;

    private const string Moved = "merged_since";

    /// <summary>Does the steps of a page, those of one older customer one after the other.</summary>
    public async Task<ImmutableArray<CutOverStep>> Run(ImmutableArray<CutOverStep> steps)
    {
        var ended = new CutOverStep[steps.Length];
        IGrouping<string, int>[] groups =
        [
            .. Enumerable
                .Range(0, steps.Length)
                .GroupBy(
                    index => steps[index] is { CustomerId.Length: > 0 } step ? step.CustomerId : $"{index}",
                    StringComparer.Ordinal
                ),
        ];
        foreach (IGrouping<string, int>[] some in groups.Chunk(Together))
        {
            await Task.WhenAll(
                some.Select(async group =>
                {
                    foreach (int index in group)
                    {
                        ended[index] = await Run(steps[index]);
                    }
                })
            );
        }

        return [.. ended];
    }

    /// <summary>Who it is now, and what it holds.</summary>
    public Task<CustomerFacts> FactsOf(string customerId) => tools.Grains.FactsOf(customerId);

    private async Task<CutOverStep> Run(CutOverStep step)
    {
        if (step.Outcome != StepOutcome.Pending)
        {
            return step;
        }

        (StepOutcome outcome, string? reason) = step.Kind switch
        {
            StepKind.Split => await Split(step),
            StepKind.Merge or StepKind.Rejoin => await Merge(step),
            StepKind.Link => await Link(step),
            StepKind.Quarantine => await Quarantine(step),
            StepKind.Release => await Release(step),
            StepKind.UndoMerge => await UndoMerge(step),
            _ => await Unlink(step),
        };
        return step with { Outcome = outcome, Reason = reason };
    }

    private async Task<(StepOutcome, string?)> Split(CutOverStep step) =>
        OutcomeOf(
            await Customer(step.OtherCustomerId!)
                .SplitFrom(
                    new SplitRequest(
                        step.Id,
                        step.CustomerId,
                        step.Identifiers,
                        step.Because,
                        by,
                        step.At,
                        jobId,
                        step.Stays
                    )
                )
        );

    private async Task<(StepOutcome, string?)> Merge(CutOverStep step)
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            MergeReply reply = await Customer(step.OtherCustomerId!)
                .MergeInto(
                    new MergeRequest(
                        step.CustomerId,
                        step.Id,
                        step.MessageId,
                        step.Source,
                        step.At,
                        rules.Version,
                        [],
                        jobId
                    )
                );
            if (reply.WaitFor is { } splitting)
            {
                await FactsOf(splitting);
                continue;
            }

            if (reply.MovedTo is not { } movedTo)
            {
                return (StepOutcome.Refused, reply.Refused);
            }

            if (reply.MergeId == step.Id)
            {
                return (StepOutcome.Done, null);
            }

            bool isThere = (await FactsOf(movedTo)).CustomerId == (await FactsOf(step.CustomerId)).CustomerId;
            return (StepOutcome.Changed, isThere ? "together_already" : Moved);
        }

        return (StepOutcome.Refused, MergeRefusal.SplitUnderWay.Code);
    }

    private async Task<(StepOutcome, string?)> Link(CutOverStep step)
    {
        CustomerFacts facts = await FactsOf(step.CustomerId);
        if (facts.Held.IsEmpty)
        {
            return (StepOutcome.Changed, "unknown_customer");
        }

        // The first names the anchor of the message: where the customer has that one, so does the evidence.
        Identifier anchor = step.Stays.FirstOrDefault(
            one => facts.Held.Any(held => held.Identifier == one),
            facts.Held[0].Identifier
        );
        LinkReply reply = await Customer(facts.CustomerId)
            .Link(
                new LinkRequest(
                    [anchor, .. step.Identifiers],
                    [],
                    step.MessageId,
                    step.Source,
                    step.At,
                    rules.Version,
                    jobId
                )
                {
                    IsClaimed = step.IsClaimed,
                }
            );
        return reply switch
        {
            { MovedTo: not null } => (StepOutcome.Changed, Moved),
            { OwnedByOthers.IsEmpty: false } => (StepOutcome.Changed, "owned_by_another"),
            { LeftOut.IsEmpty: false } => (StepOutcome.Refused, "separated_or_too_large"),
            _ => (StepOutcome.Done, null),
        };
    }

    private async Task<(StepOutcome, string?)> Unlink(CutOverStep step)
    {
        foreach (Identifier identifier in step.Identifiers)
        {
            IIdentifierGrain grain = tools.Grains.GetGrain<IIdentifierGrain>(identifier.ToString());
            UnlinkReply? reply = null;
            string? owner = null;
            while (reply is null or { MovedTo: not null } && (owner = await grain.GetOwner()) is not null)
            {
                owner = (await FactsOf(owner)).CustomerId;
                reply = await Customer(owner).Unlink(new UnlinkRequest([identifier], jobId, step.At));
            }

            if (
                reply is { InUse.IsEmpty: false }
                && !(await SplitOff(owner!, identifier, step) is null or "split_of_everything")
            )
            {
                return (StepOutcome.Changed, Moved);
            }
        }

        return (StepOutcome.Done, null);
    }

    /// <summary>Messages came under it since: they go with it, to a customer of its own.</summary>
    private async Task<string?> SplitOff(string owner, Identifier identifier, CutOverStep step)
    {
        string splitId = DecisionId.Of(DecisionKinds.Split, step.Id, identifier.ToString());
        SplitReply reply = await Customer(CustomerId.ForSplit(splitId, owner, step.At))
            .SplitFrom(new SplitRequest(splitId, owner, [identifier], step.Because, by, step.At, jobId));
        return reply.MovedTo is null ? reply.Refused : Moved;
    }

    private async Task<(StepOutcome, string?)> UndoMerge(CutOverStep step)
    {
        if (await tools.Grains.GetGrain<IDecisionGrain>(step.Undoes!).FindMerge() is not { } merge)
        {
            return (StepOutcome.Changed, "not_merged");
        }

        SplitReply reply = await Customer(merge.From)
            .UndoMerge(
                new UndoRequest(
                    step.Undoes!,
                    step.Id,
                    merge.Brought,
                    step.Because,
                    by,
                    step.At,
                    jobId,
                    [.. step.Stays.Except(merge.Brought)]
                )
            );
        // Undone already: by us, before a crash, where the record of our split is there.
        bool isOurs =
            reply.Refused == new MergeAlreadyUndone().Code
            && await tools.Decisions.FindAsync(step.Id, CancellationToken.None) is not null;
        return isOurs ? (StepOutcome.Done, null) : OutcomeOf(reply);
    }

    private async Task<(StepOutcome, string?)> Quarantine(CutOverStep step)
    {
        Identifier identifier = step.Identifiers[0];
        await tools
            .Grains.GetGrain<IIdentifierGrain>(identifier.ToString())
            .Quarantine(
                new TieRequest(
                    identifier,
                    rules.Find(identifier.Type)?.QuarantineDegree ?? 0,
                    step.MessageId,
                    step.Source,
                    step.At,
                    rules.Version
                ),
                step.Degree
            );
        return (StepOutcome.Done, null);
    }

    private async Task<(StepOutcome, string?)> Release(CutOverStep step)
    {
        await tools.Grains.GetGrain<IIdentifierGrain>(step.Identifiers[0].ToString()).LiftQuarantine(isByJob: true);
        return (StepOutcome.Done, null);
    }

    private static (StepOutcome, string?) OutcomeOf(SplitReply reply) =>
        reply switch
        {
            { MovedTo: not null } => (StepOutcome.Changed, Moved),
            // All of it has left, or would leave: nothing to take apart any more.
            { Refused: "merge_brought_nothing" or "split_of_everything" } => (StepOutcome.Changed, reply.Refused),
            { Refused: { } code } => (StepOutcome.Refused, code),
            _ => (StepOutcome.Done, null),
        };

    private ICustomerGrain Customer(string customerId) => tools.Grains.GetGrain<ICustomerGrain>(customerId);
}
