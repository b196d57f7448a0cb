using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Consent;
using Customer360.Rules.Decisions;
using Customer360.Rules.Destinations;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What is said about consent by requests, and what there is of it.</summary>
public sealed partial class CustomerGrain
{
    public Task<ConsentReply> GetConsent() =>
        Task.FromResult(
            State.MovedTo is { } movedTo ? new ConsentReply(movedTo, false, false, default)
            : IsNobody() ? new ConsentReply(null, false, false, default)
            : new ConsentReply(null, true, false, ConsentHoldingsJson.Write(State.Map))
        );

    /// <remarks>
    /// The words and the entry of the audit are one transaction. A crash before it loses a request that nobody was told is taken,
    /// and the caller repeats it; behind it, the repeat finds that it is written down.
    /// </remarks>
    public async Task<ConsentReply> PutConsent(ConsentPut put)
    {
        if (State.MovedTo is not null || IsNobody())
        {
            return await GetConsent();
        }

        ConsentRequest request = RequestOf(put);
        switch (request.HeardBy(State.Map))
        {
            case ConsentHearing.Other:
                return new ConsentReply(null, true, true, default);
            case ConsentHearing.New:
                ProfileMap before = State.Map;
                State.Map = before.Say(request.ToLedger());
                Cause(CustomerEffects.OfChange(Id, before, State.Map, put.RequestId, put.At));
                State.Outbox = State.Outbox.AddRange(routes.CreditRowsOf(Id, before, State.Map, put.RequestId, put.At));
                State.Audit = [request.ToEntry(Id, put.Roles, State.Map.Entries.Length)];
                IdentityChanged("consent");
                await SaveNow();
                State.Audit = [];
                break;
            default:
                break;
        }

        return await GetConsent();
    }

    /// <remarks>The restriction and the entry of the audit are one transaction, as with consent.</remarks>
    public async Task<RestrictionReply> Restrict(RestrictionPut put)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new RestrictionReply(movedTo, []);
        }

        if (IsNobody())
        {
            return new RestrictionReply(null, []);
        }

        ProfileMap after = put.IsLifted
            ? State.Map.Lift(put.RequestId, put.At)
            : State.Map.Restrict(new Restriction(put.RequestId, put.At));
        if (after != State.Map)
        {
            Cause(CustomerEffects.OfChange(Id, State.Map, after, CauseOf(put), put.At));
            State.Outbox = State.Outbox.AddRange(routes.CreditRowsOf(Id, State.Map, after, CauseOf(put), put.At));
            State.Map = after;
            State.Audit = [EntryOf(put)];
            IdentityChanged("consent");
            await SaveNow();
            State.Audit = [];
        }

        return new RestrictionReply(null, State.Map.Identifiers);
    }

    private static string CauseOf(RestrictionPut put) => $"{(put.IsLifted ? "lifted" : "restricted")}:{put.RequestId}";

    private AuditEntry EntryOf(RestrictionPut put)
    {
        string action = put.IsLifted ? "privacy.unrestricted" : "privacy.restricted";
        return new AuditEntry(
            DecisionId.Of([action, Id, put.RequestId]),
            put.At,
            action,
            new AuditActor("key", put.By, Roles: ""),
            "customer",
            Id
        )
        {
            RequestId = put.RequestId,
        };
    }

    private static ConsentRequest RequestOf(ConsentPut put) =>
        new(
            put.RequestId,
            [
                .. put.Answers.Select(one => new ConsentAnswer(
                    one.Purpose,
                    one.IsGranted ? ConsentStatus.Granted : ConsentStatus.Denied,
                    one.Until
                )),
            ],
            put.By,
            put.At,
            put.PolicyVersion,
            put.Evidence
        );
}
