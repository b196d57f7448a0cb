using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Names;

namespace Customer360.Api.Profiles;

/// <summary>People by their names.</summary>
/// <remarks>
/// An answer tells that somebody has a name. So the list is asked for those fields only that the caller may see of anybody, and each person
/// that it gives is compared once more, with what the caller sees of this person now: the list may know more, and older, than that.
/// </remarks>
internal sealed partial class ProfileAccess
{
    /// <summary>A page of the people who have these words in their names.</summary>
    /// <param name="after">The place behind which it begins; null: the first page.</param>
    public async Task<Outcome<FoundPeople>> FindPeople(Asker asker, NameQuery query, NamesPlace? after, int limit)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        NameFields fields = NamesIn(right.Value.Fields);
        if (fields == NameFields.None)
        {
            return s_withheld;
        }

        NamesPage page = await grains
            .GetGrain<INameListGrain>(0)
            .Find(new NamesQuery(query.Words, (int)fields, after, limit));
        Outcome<ProfileView>[] views = await Task.WhenAll(
            page.CustomerIds.Select(id =>
                View(Identifier.Create(AskedIdentifiers.CustomerType, id), text: null).AsTask()
            )
        );
        List<VisibleProfile> people = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Outcome<ProfileView> view in views)
        {
            // While two are being merged, both are listed.
            if (!view.Succeeded || !seen.Add(view.Value.CustomerId))
            {
                continue;
            }

            VisibleFields shown = FieldsOf(right.Value, view.Value);
            if (query.Matches(NamesOf(view.Value, shown)))
            {
                var person = new VisibleProfile(view.Value, mastership.Current, shown);
                people.Add(
                    (await Told<VisibleProfile>(asker, "profile.found", person.CustomerId, shown, person)).Value!
                );
            }
        }

        // Who finds nobody has learnt something, too.
        var found = new FoundPeople(people, page.Next);
        return people.Count > 0
            ? found
            : await Told<FoundPeople>(asker, "profiles.searched", null, right.Value.Fields, found);
    }

    /// <summary>The fields whose values are shown. One that is masked tells nothing, and would by being found.</summary>
    private static NameFields NamesIn(VisibleFields fields) =>
        fields.Table is not { } table
            ? fields.Show(FieldSets.Traits)
                ? NameFields.All
                : NameFields.None
            : PersonNames
                .Traits.Where(one => table.Of(one.Trait).IsShown)
                .Aggregate(NameFields.None, (all, one) => all | one.Field);

    /// <summary>The words of what the caller sees of a person: also what is overruled, for who sees that.</summary>
    private ImmutableArray<NameWord> NamesOf(ProfileView person, VisibleFields fields)
    {
        NameFields shown = NamesIn(fields);
        string[] names = [.. PersonNames.Traits.Where(one => shown.HasFlag(one.Field)).Select(one => one.Trait)];
        IEnumerable<Trait> traits = fields.Show(FieldSets.Overruled)
            ? person.Fold.Traits
            : new TraitWinners(person.Fold, mastership.Current);
        return PersonNames.Of(traits.Where(trait => names.Contains(trait.Name, StringComparer.Ordinal)));
    }
}

/// <param name="Next">Where the next page begins; null: there is none.</param>
internal sealed record FoundPeople(IReadOnlyList<VisibleProfile> People, NamesPlace? Next);
