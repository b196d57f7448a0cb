using System.Collections.Immutable;
using Customer360.Api.Problems;
using Customer360.Api.Quarantine;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>What the grid has set apart.</summary>
internal sealed partial class ProfileAccess
{
    /// <summary>
    /// Identifiers that came with too many anchors, from part to part of the list until the page is full. Each is asked itself,
    /// so one that has just been released is not among them.
    /// </summary>
    public async Task<Outcome<HeldIdentifiers>> ListHeldIdentifiers(
        Asker asker,
        QuarantineCursors.IdentifierPlace place,
        int limit
    )
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Quarantine);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        (List<Identifier> page, Identifier? last) = await ReadHeldIdentifiers(place, limit);
        IdentifierQuarantine?[] quarantines = await Task.WhenAll(
            page.Select(one => grains.GetGrain<IIdentifierGrain>(one.ToString()).GetQuarantine())
        );
        bool[] hidden = right.Value.SeesRestricted
            ? new bool[page.Count]
            : await Task.WhenAll(page.Select(one => IsRestricted(one)));
        var held = new HeldIdentifiers(
            [
                .. page.Zip(quarantines)
                    .Where((pair, index) => pair.Second is not null && !hidden[index])
                    .Select(pair => (Shown: right.Value.Show(pair.First), Held: pair.Second!))
                    .Where(pair => pair.Shown is not null)
                    .Select(pair => new HeldIdentifier(pair.Shown!.Value, pair.Held)),
            ],
            last,
            right.Value.Fields.Table is null
        );
        return await Told<HeldIdentifiers>(asker, "quarantine.read", null, right.Value.Fields, held);
    }

    /// <summary>Ends a quarantine, and says which it was. The identifier links again, and its degree starts anew.</summary>
    public async Task<Outcome<HeldIdentifier>> ReleaseIdentifier(Asker asker, string? text)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Quarantine);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<Identifier> identifier = identifiers.Identifier(text);
        if (!identifier.Succeeded)
        {
            return identifier.Refusal;
        }

        IIdentifierGrain grain = grains.GetGrain<IIdentifierGrain>(identifier.Value.ToString());
        if (await grain.LiftQuarantine(isByJob: false) is { } lifted)
        {
            return new HeldIdentifier(identifier.Value, lifted);
        }

        return await grain.GetOwner() is null ? new NotFound("identifier") : new NotQuarantined();
    }

    /// <summary>Stored messages that could not be applied, by partition and position.</summary>
    /// <param name="limit">How many at most.</param>
    public async Task<Outcome<ImmutableArray<QuarantinedPlace>>> ListHeldMessages(
        Asker asker,
        MessagePlace? after,
        int limit
    )
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Quarantine);
        return right.Succeeded ? await grains.GetGrain<IIntakeGrain>(0).ListQuarantined(after, limit) : right.Refusal;
    }

    /// <summary>One more than asked for tells of a next page.</summary>
    private async Task<(List<Identifier> Page, Identifier? Last)> ReadHeldIdentifiers(
        QuarantineCursors.IdentifierPlace place,
        int limit
    )
    {
        List<Identifier> page = [];
        Identifier? after = place.After;
        for (int part = place.Part; part < QuarantineList.Parts; part++, after = null)
        {
            ImmutableArray<Identifier> found = await grains
                .GetGrain<IQuarantineListGrain>(part)
                .List(after, limit + 1 - page.Count);
            page.AddRange(found);
            if (page.Count > limit)
            {
                page.RemoveAt(limit);
                return (page, page[^1]);
            }
        }

        return (page, null);
    }
}

/// <summary>An identifier that links nobody, and why.</summary>
internal sealed record HeldIdentifier(Identifier Identifier, IdentifierQuarantine Quarantine);

/// <param name="Last">Behind which the next page begins; null on the last page.</param>
/// <param name="IsSeenWhole">The caller sees every identifier, so the last one is no secret.</param>
internal sealed record HeldIdentifiers(ImmutableArray<HeldIdentifier> Identifiers, Identifier? Last, bool IsSeenWhole);
