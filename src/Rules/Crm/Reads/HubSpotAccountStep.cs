using System.Globalization;
using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>Asks HubSpot which account the token is of: its records do not say it, and their ids are unique in one account only.</summary>
internal sealed record HubSpotAccountStep : ReadStep
{
    public HubSpotAccountStep() => Call = new CrmCall("/account-info/v3/details");

    protected override ReadStep Take(JsonElement answer, CrmAnswer whole)
    {
        if (CrmJson.Digits(answer, "portalId") is not { } account)
        {
            return Failed(new ReadFailure(ReadFault.AnswerUnreadable));
        }

        TimeSpan? offset = int.TryParse(
            CrmJson.Text(answer, "utcOffsetMilliseconds"),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out int milliseconds
        )
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
        return this with { Call = null, Knowledge = CrmKnowledge.None with { Account = account, UtcOffset = offset } };
    }

    protected override ReadFailure? FailureOf(CrmAnswer answer) => HubSpotFailures.Of(answer, utcOffset: null);

    protected override ReadStep Broken(ReadFailure? failure) => this with { Call = null };
}
