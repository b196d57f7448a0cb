using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <summary>The work of a request: what is next is <see cref="ErasureSteps"/>' to say, and is written down after each step.</summary>
public sealed partial class PrivacyRequestGrain
{
    private const int AtOnce = 100;

    // A partition says when it has settled only when it is asked. What it waits for is a write or a grain call, so it is soon.
    private static readonly TimeSpan s_drainPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Not by CancelAsync: it would call what waits on a thread of the pool, beside the grain's turns.</summary>
    private void Stop() => _stopping.Cancel();

    private void GoOn()
    {
        if (
            State is { Kind: not null, Status: PrivacyRequestStatus.Running }
            && _running is null or { IsCompleted: true }
        )
        {
            _running = Run();
        }
    }

    private async Task Run()
    {
        // Not within the turn that begins it: that one answers a caller.
        await Task.Yield();
        try
        {
            while (State.Status == PrivacyRequestStatus.Running && await Step() is { } told)
            {
                _stopping.Token.ThrowIfCancellationRequested();
                logger.PrivacyStep(Id, State.Kind!.Value, State.Erasure.Phase);
                await Save(told);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next activation goes on.
        }
        catch (Exception error) when (Outages.Is(error))
        {
            logger.PrivacyInterrupted(Id, error.GetType().Name);
            DeactivateOnIdle();
        }
        catch (Exception error)
        {
            // The reminder tries again: a request must not be given up without anybody's word.
            logger.PrivacyFailed(Id, error.GetType().Name, error.StackTrace ?? "");
            DeactivateOnIdle();
        }
    }

    /// <summary>Does what is next. Answers what the audit is told of it, mostly nothing; null where it waits for somebody else.</summary>
    private async Task<ImmutableArray<AuditEntry>?> Step()
    {
        ErasureState erasure = State.Erasure;
        switch (erasure.Phase)
        {
            case ErasurePhase.Resolve when !IsErasure:
                ImmutableArray<PrivacyCandidate> found = await FindCustomers(erasure.Identifiers, []);
                State.Erasure = IsPackage ? ErasureSteps.Found(erasure, found) : ErasureSteps.Meant(erasure, found);
                if (State.Erasure.Phase == ErasurePhase.Decide)
                {
                    State.Status = PrivacyRequestStatus.NeedsDecision;
                }
                else if (State.Erasure.Phase == ErasurePhase.Done)
                {
                    State.Status = PrivacyRequestStatus.Done;
                    State.DoneAt = time.GetUtcNow();
                }

                return [];
            case ErasurePhase.Apply:
                return await Apply();
            case ErasurePhase.Lift:
                return await LiftEverywhere();
            case ErasurePhase.Resolve:
                State.Erasure = ErasureSteps.Resolved(
                    erasure,
                    await FindCustomers(erasure.Identifiers, erasure.Customers),
                    await FindUnlisted(erasure.Identifiers)
                );
                if (State.Erasure.Phase == ErasurePhase.Decide)
                {
                    State.Status = PrivacyRequestStatus.NeedsDecision;
                }

                return [];
            case ErasurePhase.Suppress:
                long sequence = await Suppression().Suppress(erasure.Identifiers, Id, State.By);
                State.Erasure = ErasureSteps.Suppressed(erasure, sequence);
                return [];
            case ErasurePhase.Drain:
                await Drain(erasure.Sequence);
                State.Erasure = ErasureSteps.Drained(erasure);
                return [];
            case ErasurePhase.EraseCustomers:
                State.Erasure = ErasureSteps.Erased(erasure, await EraseCustomers(erasure));
                return [];
            case ErasurePhase.EraseIdentifiers:
                await EraseIdentifiers(erasure.Identifiers);
                State.Erasure = ErasureSteps.Freed(erasure);
                State.IdentifierCount = erasure.Identifiers.Length;
                State.FreedAt = time.GetUtcNow();
                return [];
            case ErasurePhase.Scrub:
                await GrainFactory.GetGrain<IPrivacyGrain>(GrainKeys.Current).Collect();
                return null;
            default:
                return null;
        }
    }

    /// <param name="identifiers">Whose owners are meant.</param>
    /// <param name="customers">
    /// Who was found before. A merge that came in between may have left one of them with what no identifier of ours leads to.
    /// </param>
    private async Task<ImmutableArray<PrivacyCandidate>> FindCustomers(
        ImmutableArray<Identifier> identifiers,
        ImmutableArray<string> customers
    )
    {
        var found = new SortedDictionary<string, PrivacyCandidate>(StringComparer.Ordinal);
        foreach (Identifier identifier in identifiers)
        {
            IdentifierStanding standing = await GrainOf(identifier).GetStanding(identifier);
            if (standing.Owner is null)
            {
                continue;
            }

            var facts = await GrainFactory.FactsOf(standing.Owner);
            if (facts.Held.Length == 0)
            {
                // It was erased before.
                continue;
            }

            bool isShared =
                standing.IsQuarantined
                || (found.TryGetValue(facts.CustomerId, out PrivacyCandidate? known) && known.IsShared);
            found[facts.CustomerId] = new PrivacyCandidate(
                facts.CustomerId,
                [.. facts.Held.Select(held => held.Identifier)],
                isShared
            );
        }

        foreach (string customer in customers)
        {
            var facts = await GrainFactory.FactsOf(customer);
            if (facts.Held.Length > 0)
            {
                found.TryAdd(
                    facts.CustomerId,
                    new PrivacyCandidate(
                        facts.CustomerId,
                        [.. facts.Held.Select(held => held.Identifier)],
                        IsShared: false
                    )
                );
            }
        }

        return [.. found.Values];
    }

    /// <summary>
    /// Owners that list nothing. A message that a crash broke off has claimed identifiers for them, and now that it is suppressed
    /// nobody finishes it: what else it has claimed must become nobody's, too.
    /// </summary>
    private async Task<ImmutableArray<string>> FindUnlisted(ImmutableArray<Identifier> identifiers)
    {
        var unlisted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Identifier identifier in identifiers)
        {
            string? owner = await GrainOf(identifier).GetOwner();
            if (owner is not null && (await GrainFactory.FactsOf(owner)).Held.Length == 0)
            {
                unlisted.Add(owner);
            }
        }

        return [.. unlisted];
    }

    /// <summary>Waits until every partition follows the list, and nothing is on its way that it had taken in before.</summary>
    private async Task Drain(long sequence)
    {
        IIntakeGrain[] partitions = [.. Partitions()];
        long[] fences = await Task.WhenAll(partitions.Select(partition => partition.FollowSuppressions(sequence)));
        for (int index = 0; index < partitions.Length; index++)
        {
            while (!await partitions[index].HasSettled(fences[index]))
            {
                await Task.Delay(s_drainPause, time, _stopping.Token);
            }
        }
    }

    private async Task<ImmutableArray<CustomerErasure>> EraseCustomers(ErasureState erasure)
    {
        var answers = ImmutableArray.CreateBuilder<CustomerErasure>(erasure.Customers.Length);
        foreach (string customerId in erasure.Customers)
        {
            EraseReply reply = await GrainFactory.GetGrain<ICustomerGrain>(customerId).Erase(erasure.Identifiers, Id);
            if (reply.MessageCount > 0)
            {
                State.Emptied = State.Emptied.SetItem(customerId, reply.MessageCount);
            }

            if (reply.WaitFor is { } splitting)
            {
                // Asking it anything makes it finish.
                await GrainFactory.FactsOf(splitting);
            }

            answers.Add(reply.IsErased ? CustomerErasure.Done : CustomerErasure.Changed);
        }

        if (await IsHeldByOthers(erasure))
        {
            answers.Add(CustomerErasure.Changed);
        }

        return answers.DrainToImmutable();
    }

    /// <summary>
    /// A split or a merge that was under way while the owners were looked for may have brought an identifier to somebody who was not found.
    /// Taken from that customer without its being emptied, readers would go on finding what it holds.
    /// </summary>
    private async Task<bool> IsHeldByOthers(ErasureState erasure)
    {
        foreach (Identifier[] some in erasure.Identifiers.Chunk(AtOnce))
        {
            string?[] owners = await Task.WhenAll(some.Select(identifier => GrainOf(identifier).GetOwner()));
            foreach ((Identifier identifier, string? owner) in some.Zip(owners))
            {
                if (owner is null || erasure.Customers.Contains(owner))
                {
                    continue;
                }

                var facts = await GrainFactory.FactsOf(owner);
                if (facts.Held.Any(held => held.Identifier == identifier))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task EraseIdentifiers(ImmutableArray<Identifier> identifiers)
    {
        foreach (Identifier[] some in identifiers.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(identifier => GrainOf(identifier).Erase()));
        }
    }

    private IIdentifierGrain GrainOf(Identifier identifier) =>
        GrainFactory.GetGrain<IIdentifierGrain>(identifier.ToString());
}
