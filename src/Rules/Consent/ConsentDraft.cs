using Customer360.Rules.Consent.Wire;
using Customer360.Rules.Consent.Wire.Gpp;

namespace Customer360.Rules.Consent;

/// <summary>Brings what the forms of a message say together: one word for each purpose, and a denial wins.</summary>
internal sealed class ConsentDraft(ConsentPolicy policy, DateTimeOffset at, DateTimeOffset receivedAt)
{
    /// <summary>Characters of evidence that are kept of a word.</summary>
    private const int EvidenceLengthMax = 200;

    private readonly SortedDictionary<string, Said> _purposes = new(StringComparer.Ordinal);
    private readonly WireJudgement _judgement = new(receivedAt) { AskedIds = policy.AskedIds };

    /// <param name="form">One of <see cref="ConsentForms.Known"/>.</param>
    /// <param name="json">What stands at its place.</param>
    /// <param name="around">The object that it stands in; empty: there is none.</param>
    public void Hear(string form, ReadOnlySpan<byte> json, ReadOnlySpan<byte> around)
    {
        WireJudgement judgement =
            form == GppEntries.Form && GppEntries.SectionsBeside(around) is { } sections
                ? _judgement with
                {
                    GppSections = sections,
                }
                : _judgement;
        foreach (WireConsent word in ConsentForms.Read(form, json, judgement))
        {
            Add(word);
        }
    }

    public void HearText(string form, string text)
    {
        foreach (WireConsent word in ConsentForms.ReadText(form, text, _judgement))
        {
            Add(word);
        }
    }

    public void Add(
        string purpose,
        string form,
        string id,
        ConsentStatus status,
        DateTimeOffset? saidAt,
        DateTimeOffset? until
    )
    {
        if (status == ConsentStatus.Granted && !policy.MayGrant(purpose, form))
        {
            return;
        }

        var said = new Said(form, status, saidAt < at ? saidAt.Value : at, until, id);
        _purposes[purpose] = _purposes.TryGetValue(purpose, out Said? known) ? Both(known, said) : said;
    }

    public ConsentStatement? ToStatement(string version) =>
        _purposes.Count == 0
            ? null
            : new ConsentStatement(version, [.. _purposes.Select(one => ClauseOf(policy.Find(one.Key)!, one.Value))]);

    private void Add(WireConsent word)
    {
        foreach (string purpose in policy.PurposesOf(word.Form, word.Id))
        {
            Add(purpose, word.Form, word.Id, word.Status, word.SaidAtLatest, word.Until);
        }
    }

    /// <summary>
    /// A denial beside a grant is as old as the message, not as the string that it may stand in: the message says no now.
    /// Of two grants the older counts, and the one that ends first.
    /// </summary>
    private Said Both(Said one, Said other)
    {
        if (one.Status != other.Status)
        {
            return (one.Status == ConsentStatus.Denied ? one : other) with { At = at };
        }

        bool isDenied = one.Status == ConsentStatus.Denied;
        bool isOtherLater = other.At > one.At;
        return one with
        {
            At = isDenied == isOtherLater ? other.At : one.At,
            Until = Earlier(one.Until, other.Until),
            Ids = one.Ids.Length + other.Ids.Length + 2 <= EvidenceLengthMax ? $"{one.Ids}, {other.Ids}" : one.Ids,
        };
    }

    private ConsentClause ClauseOf(ConsentPurpose purpose, Said said)
    {
        DateTimeOffset? ends = purpose.Days is { } days ? said.At.AddDays(days) : null;
        return new ConsentClause(purpose.Name, said.Status, said.Form)
        {
            At = said.At < at ? said.At : null,
            Until = said.Status == ConsentStatus.Granted ? Earlier(said.Until, ends) : null,
            Evidence = said.Ids.Length <= EvidenceLengthMax ? said.Ids : said.Ids[..EvidenceLengthMax],
            Types = purpose.Scope == ConsentScope.Device ? policy.Devices : [],
        };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;

    private sealed record Said(string Form, ConsentStatus Status, DateTimeOffset At, DateTimeOffset? Until, string Ids);
}
