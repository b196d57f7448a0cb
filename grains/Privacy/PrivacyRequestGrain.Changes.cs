using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// Requests that change something of a customer. Each change is the customer's own to write, by the request's id; so it may be asked
/// for again after a crash, and a merge that came in between leads to whoever has the customer now.
/// </summary>
public sealed partial class PrivacyRequestGrain
{
    private static readonly TimeSpan s_applyWait = TimeSpan.FromSeconds(5);

    private Task<ImmutableArray<AuditEntry>> Apply() =>
        State.Kind switch
        {
            PrivacyRequestKind.Restriction => RestrictAll(),
            PrivacyRequestKind.Objection => ObjectAll(),
            PrivacyRequestKind.Rectification => State.Changes.IsEmpty && !State.Erasure.Customers.IsEmpty
                ? ReadBefore()
                : CorrectAll(),
            _ => throw new InvalidOperationException("The request changes nothing."),
        };

    private async Task<ImmutableArray<AuditEntry>> RestrictAll()
    {
        SortedSet<Identifier> restricted = [];
        foreach (string customerId in State.Erasure.Customers)
        {
            restricted.UnionWith((await Restrict(customerId, State.By, State.AskedAt, isLifted: false)).Identifiers);
        }

        // They are what leads to every copy of it when it is lifted.
        Finish([.. restricted]);
        return [];
    }

    /// <summary>
    /// Lifts it wherever a merge or a split has taken it: whoever has one of the identifiers has a copy. One that is on its way between
    /// two customers is waited for.
    /// </summary>
    private async Task<ImmutableArray<AuditEntry>> LiftEverywhere()
    {
        foreach (string customerId in State.Erasure.Customers)
        {
            await Restrict(customerId, State.LiftedBy!, State.LiftedAt!.Value, isLifted: true);
        }

        foreach (Identifier identifier in State.Erasure.Identifiers)
        {
            while (
                await GrainOf(identifier).GetOwner() is { } owner
                && !(
                    await Restrict(owner, State.LiftedBy!, State.LiftedAt!.Value, isLifted: true)
                ).Identifiers.Contains(identifier)
            )
            {
                await Task.Delay(s_drainPause, time, _stopping.Token);
            }
        }

        State.Erasure = ErasureSteps.Applied(State.Erasure, []);
        State.Status = PrivacyRequestStatus.Done;
        return [];
    }

    private async Task<RestrictionReply> Restrict(string customerId, string by, DateTimeOffset at, bool isLifted)
    {
        var put = new RestrictionPut(Id, by, at, isLifted);
        (_, RestrictionReply reply) = await Stubs.Follow(
            customerId,
            id => GrainFactory.GetGrain<ICustomerGrain>(id).Restrict(put),
            static reply => reply.MovedTo
        );
        return reply;
    }

    /// <summary>An objection is a word of the person about consent, and stands in the ledger with what else she said.</summary>
    private async Task<ImmutableArray<AuditEntry>> ObjectAll()
    {
        var put = new ConsentPut(
            Id,
            [.. State.Purposes.Select(purpose => new ConsentSaid(purpose, IsGranted: false, Until: null))],
            State.By,
            Roles: "",
            State.AskedAt,
            State.PolicyVersion ?? "",
            $"objection {Id}"
        );
        foreach (string customerId in State.Erasure.Customers)
        {
            await Stubs.Follow(
                customerId,
                id => GrainFactory.GetGrain<ICustomerGrain>(id).PutConsent(put),
                static reply => reply.MovedTo
            );
        }

        Finish([]);
        return [];
    }

    /// <summary>Notes what the profiles show before anything is put right: written down first, so that a crash does not lose it.</summary>
    private async Task<ImmutableArray<AuditEntry>> ReadBefore()
    {
        using var traits = JsonDocument.Parse(State.TraitsJson);
        var changes = ImmutableArray.CreateBuilder<PrivacyChange>();
        foreach (string customerId in State.Erasure.Customers)
        {
            ProfileFold? fold = await FoldOf(customerId);
            foreach (JsonProperty trait in traits.RootElement.EnumerateObject())
            {
                changes.Add(new PrivacyChange(customerId, trait.Name, ValueOf(fold, trait.Name), default));
            }
        }

        State.Changes = changes.DrainToImmutable();
        return [];
    }

    private async Task<ImmutableArray<AuditEntry>> CorrectAll()
    {
        foreach (string customerId in State.Erasure.Customers)
        {
            await Correct(customerId);
            ProfileFold? fold = await FoldOf(customerId);
            State.Changes =
            [
                .. State.Changes.Select(change =>
                    change.CustomerId == customerId ? change with { AfterJson = ValueOf(fold, change.Trait) } : change
                ),
            ];
        }

        AuditEntry told = Entry(
            "privacy.rectified",
            State.By,
            ("customers", string.Join(' ', State.Erasure.Customers))
        ) with
        {
            Fields = [.. State.Changes.Select(change => change.Trait).Distinct().Order(StringComparer.Ordinal)],
        };
        State.TraitsJson = default;
        Finish([]);
        return [told];
    }

    /// <summary>Sends the correction into the log under one of the customer's identifiers, and waits until the profile shows it.</summary>
    private async Task Correct(string customerId)
    {
        while (await CorrectionOf(customerId) is { } envelope)
        {
            int partition = Contracts.Partitions.Of(envelope.Anchor, grid.Value.Partitions);
            CollectReply reply = await GrainFactory
                .GetGrain<IIntakeGrain>(partition)
                .Collect(
                    new CollectRequest([envelope], WaitUntilApplied: true, s_applyWait)
                    {
                        AnchorsSince = reader.AnchorsSince,
                    }
                );
            if (reply.Status is CollectStatus.Overloaded or CollectStatus.OtherAnchors)
            {
                // The partition is busy, or follows rules that this node does not follow yet.
                await Task.Delay(s_drainPause, time, _stopping.Token);
                continue;
            }

            StoredReceipt receipt = reply.Receipts[0];
            if (reply.Status == CollectStatus.Stored && !receipt.IsSuppressed)
            {
                IIntakeGrain holder = GrainFactory.GetGrain<IIntakeGrain>(receipt.OtherPartition ?? partition);
                while (!await holder.WhenApplied(receipt.Position, s_applyWait))
                {
                    _stopping.Token.ThrowIfCancellationRequested();
                }
            }

            return;
        }
    }

    /// <summary>The message, under the first identifier by which the rules recognise the person; null where there is none.</summary>
    private async Task<Envelope?> CorrectionOf(string customerId)
    {
        IdentityRules rules = reader.Rules;
        var facts = await GrainFactory.FactsOf(customerId);
        IEnumerable<Identifier> byPriority = facts
            .Held.Select(held => held.Identifier)
            .OrderBy(identifier => rules.Find(RegionalType.Base(identifier.Type))?.Priority ?? int.MaxValue)
            .ThenBy(identifier => identifier);
        foreach (Identifier identifier in byPriority)
        {
            Outcome<Envelope> envelope = reader.Read(
                new Correction($"{Id}:{customerId}", identifier, State.TraitsJson, time.GetUtcNow())
            );
            if (envelope is { Succeeded: true, Value.Identifiers: [var anchor] } && anchor == identifier)
            {
                return envelope.Value;
            }
        }

        return null;
    }

    private async Task<ProfileFold?> FoldOf(string customerId)
    {
        (_, ProfileViewReply reply) = await Stubs.Follow(
            customerId,
            id => GrainFactory.GetGrain<ICustomerGrain>(id).GetView(),
            static reply => reply.MovedTo
        );
        return reply.View?.Fold;
    }

    private ReadOnlyMemory<byte> ValueOf(ProfileFold? fold, string trait) =>
        fold is not null && new TraitWinners(fold, mastership.Current).Find(trait) is { } winner
            ? winner.ValueJson
            : "null"u8.ToArray();

    /// <summary>What was asked for is done.</summary>
    /// <param name="kept">What it takes to lift it.</param>
    private void Finish(ImmutableArray<Identifier> kept)
    {
        State.Erasure = ErasureSteps.Applied(State.Erasure, kept);
        State.IdentifierCount = kept.Length;
        State.Status = PrivacyRequestStatus.Done;
        State.DoneAt = time.GetUtcNow();
        State.ResultJson = ChangeResult.Write(State);
    }
}
