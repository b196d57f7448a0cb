using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Profiles;

/// <summary>What people have agreed to.</summary>
internal sealed partial class ProfileAccess
{
    /// <summary>What was said about consent by the customer that <c>type:value</c> leads to.</summary>
    public Task<Outcome<VisibleConsent>> GetConsent(Asker asker, string? text) =>
        AskConsent(asker, text, static customer => customer.GetConsent());

    /// <summary>Writes down what a person says, and answers what was said by then.</summary>
    public Task<Outcome<VisibleConsent>> PutConsent(Asker asker, string? text, ConsentPut put) =>
        AskConsent(asker, text, customer => customer.PutConsent(put));

    private async Task<Outcome<VisibleConsent>> AskConsent(
        Asker asker,
        string? text,
        Func<ICustomerGrain, Task<ConsentReply>> ask
    )
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<CustomerAnswer<ConsentReply>> answer = await AskCustomer(
            right.Value,
            text,
            ask,
            static reply => reply.MovedTo
        );
        answer = await Told(asker, "profile.consent", answer);
        if (!answer.Succeeded)
        {
            return answer.Refusal;
        }

        ConsentReply reply = answer.Value.Reply;
        if (reply.IsRefused)
        {
            return new ConsentRequestReused();
        }

        return reply.Exists
            ? new VisibleConsent(
                answer.Value.CustomerId,
                ConsentHoldingsJson.Read(reply.HoldingsJson),
                answer.Value.Fields is { Table: null } fields && fields.Show(FieldSets.Identifiers)
            )
            : s_notFound;
    }
}

/// <summary>What was said about consent, as one caller sees it.</summary>
/// <param name="Holdings">Identifiers and ledgers, and nothing else.</param>
/// <param name="ShowsIdentifiers">The caller sees by what the person is known.</param>
internal sealed record VisibleConsent(string CustomerId, ProfileMap Holdings, bool ShowsIdentifiers);
