using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Consent;

/// <summary>How consent to one purpose stands, and the word that decides it.</summary>
/// <param name="Purpose">The purpose.</param>
/// <param name="Status">Granted, denied, or unknown where the word that counted has ended.</param>
/// <param name="Form">How that word was written (<see cref="ConsentSpan.Form"/>).</param>
/// <param name="Source">Who said it (<see cref="ConsentSpan.Source"/>).</param>
/// <param name="Word">The word.</param>
public sealed record ConsentStanding(string Purpose, ConsentStatus Status, string Form, string Source, ConsentWord Word)
{
    /// <summary>The form of a denial for which a ledger had no room: its words are in the log alone.</summary>
    public const string LostForm = "lost";

    /// <summary>Of a grant: when no identifier grants any more; null: it does not end by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The same at a time: a grant that has ended is unknown.</summary>
    public ConsentStanding AsOf(DateTimeOffset time) =>
        Status == ConsentStatus.Granted && Until <= time ? this with { Status = ConsentStatus.Unknown } : this;
}

/// <summary>How consent to one purpose stands under one identifier: its latest word counts.</summary>
public sealed record IdentifierConsent(Identifier Identifier, ConsentStanding Standing);

/// <summary>How consent to one purpose stands, with what each identifier says.</summary>
/// <param name="Effective">Denied if one denies, granted if one grants and none denies, else unknown.</param>
/// <param name="Identifiers">By identifier; only those under which something was said.</param>
public sealed record PurposeConsent(ConsentStanding Effective, ImmutableArray<IdentifierConsent> Identifiers);
