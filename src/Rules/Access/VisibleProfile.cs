using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Access;

/// <summary>A profile in parts, as one caller sees it: what is withheld is not there, what is masked is a mask.</summary>
public sealed class VisibleProfile(ProfileView view, MastershipPolicy policy, VisibleFields fields)
{
    private static readonly byte[] s_mask = JsonSerializer.SerializeToUtf8Bytes(VisibleFields.Mask);

    public string CustomerId => view.CustomerId;

    /// <summary>The caller sees where values come from. If not, sources and message ids are not to be shown.</summary>
    public bool ShowsProvenance => fields.Show(FieldSets.Provenance);

    /// <summary>By type, then value. Masked, one of each type: a caller can't tell two masks apart.</summary>
    public IEnumerable<ProfileIdentifier> Identifiers =>
        fields.Table is { } table ? VisibleIn(table)
        : fields.Show(FieldSets.Identifiers) ? view.Identifiers
        : fields.Hide(FieldSets.Identifiers)
            ? view
                .Identifiers.DistinctBy(one => one.Identifier.Type, StringComparer.Ordinal)
                .Select(one => one with { Identifier = Identifier.Create(one.Identifier.Type, VisibleFields.Mask) })
        : [];

    /// <summary>By name; of each the value that the mastership policy chooses.</summary>
    public IEnumerable<Trait> Traits =>
        fields.Table is { } table ? VisibleTraits(table)
        : fields.Show(FieldSets.Traits) ? new TraitWinners(view.Fold, policy)
        : fields.Hide(FieldSets.Traits) ? new TraitWinners(view.Fold, policy).Select(Masked)
        : [];

    /// <summary>The companies; masked, that there are some.</summary>
    public IEnumerable<AccountLink> Accounts =>
        fields.Show(FieldSets.Accounts) ? view.Accounts
        : fields.Hide(FieldSets.Accounts)
            ? view.Accounts.Take(1).Select(link => new AccountLink(VisibleFields.Mask, link.FirstAt, link.LastAt))
        : [];

    /// <summary>The first message; null where there is none, or the caller may not see when a person was seen.</summary>
    public Touch? First => fields.Show(FieldSets.Activity) ? view.Fold.First : null;

    /// <summary>The last message, likewise.</summary>
    public Touch? Last => fields.Show(FieldSets.Activity) ? view.Fold.Last : null;

    private IEnumerable<ProfileIdentifier> VisibleIn(FieldTable table) =>
        view
            .Identifiers.Select(one => (Held: one, Shown: table.Show(one.Identifier)))
            .Where(one => one.Shown is not null)
            .Select(one => one.Held with { Identifier = one.Shown!.Value })
            .DistinctBy(one => one.Identifier);

    private IEnumerable<Trait> VisibleTraits(FieldTable table)
    {
        foreach (Trait trait in new TraitWinners(view.Fold, policy))
        {
            if (table.Show(trait.Name, trait.ValueJson) is { } shown)
            {
                yield return new Trait(trait.Name, trait.Source, shown, trait.At, trait.MessageId, trait.Arrival);
            }
        }
    }

    private static Trait Masked(Trait trait) =>
        new(trait.Name, trait.Source, s_mask, trait.At, trait.MessageId, trait.Arrival);
}
