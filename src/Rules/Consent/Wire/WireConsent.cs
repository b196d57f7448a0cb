namespace Customer360.Rules.Consent.Wire;

/// <summary>
/// What one form says about one id of that form. What a form says nothing about is not there, so the status is
/// <see cref="ConsentStatus.Granted"/> or <see cref="ConsentStatus.Denied"/>.
/// </summary>
/// <param name="Form">One of <see cref="ConsentForms.Known"/>.</param>
/// <param name="Id">As the form spells it (<c>C0002</c>, <c>ad_storage</c>), or ours for a bit (<c>purpose:1</c>).</param>
/// <param name="Status">Granted or denied.</param>
/// <param name="SaidAtLatest">
/// The latest moment at which it can have been said, where the form itself tells (a string of 2022 that arrives today is
/// a choice of 2022); never after receipt. Null where the form has no time.
/// </param>
/// <param name="Until">When a grant ends by the form's own words; null where it has no end.</param>
public readonly record struct WireConsent(
    string Form,
    string Id,
    ConsentStatus Status,
    DateTimeOffset? SaidAtLatest = null,
    DateTimeOffset? Until = null
);
