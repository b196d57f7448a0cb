using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Profiles;

/// <summary>What a customer did, and how it became one.</summary>
internal sealed partial class ProfileAccess
{
    /// <summary>A page of a customer's messages, each as the caller sees it.</summary>
    public async Task<Outcome<CustomerAnswer<VisibleTimeline>>> GetTimeline(
        Asker asker,
        string? text,
        TimelineRequest request,
        CancellationToken aborted
    )
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Messages);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<CustomerAnswer<TimelineReply>> found = await AskCustomer(
            right.Value,
            text,
            customer => customer.GetTimeline(request, aborted),
            static reply => reply.MovedTo
        );
        found = await Told(asker, "profile.timeline", found);
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        (string customerId, TimelineReply reply, VisibleFields fields) = found.Value;
        VisibleTimeline timeline = fields.Show(FieldSets.Messages)
            ? new VisibleTimeline([.. reply.Messages.Select(one => new VisibleMessage(one, fields))], reply.Next)
            : new VisibleTimeline([], Next: null);
        return new CustomerAnswer<VisibleTimeline>(customerId, timeline, fields);
    }

    /// <summary>A page of a customer's sessions.</summary>
    public async Task<Outcome<CustomerAnswer<SessionsReply>>> GetSessions(
        Asker asker,
        string? text,
        SessionsRequest request,
        CancellationToken aborted
    )
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Activity);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<CustomerAnswer<SessionsReply>> found = await AskCustomer(
            right.Value,
            text,
            customer => customer.GetSessions(request, aborted),
            static reply => reply.MovedTo
        );
        found = await Told(asker, "profile.sessions", found);
        return found is { Succeeded: true, Value: var answer } && !answer.Fields.Show(FieldSets.Activity)
            ? answer with
            {
                Reply = new SessionsReply(MovedTo: null, [], Next: null),
            }
            : found;
    }

    /// <summary>A page of a customer's decisions; with the first page its identifiers and fields.</summary>
    public async Task<Outcome<CustomerAnswer<Explanation>>> Explain(
        Asker asker,
        string? text,
        DecisionsRequest request,
        CancellationToken aborted
    )
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Explain);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<CustomerAnswer<Explanation>> found = await AskCustomer(
            right.Value,
            text,
            customer => Explain(customer, request, aborted),
            static explanation => explanation.MovedTo
        );
        found = await Told(asker, "profile.explain", found);
        return found is { Succeeded: true, Value: var answer } && !answer.Fields.Show(FieldSets.Explain)
            ? answer with
            {
                Reply = new Explanation(
                    MovedTo: null,
                    View: null,
                    new DecisionsReply(MovedTo: null, [], HasMore: false, IsTruncated: false)
                ),
            }
            : found;
    }

    private static async Task<Explanation> Explain(
        ICustomerGrain customer,
        DecisionsRequest request,
        CancellationToken aborted
    )
    {
        ProfileView? view = null;
        if (request.After is null)
        {
            ProfileViewReply reply = await customer.GetView();
            if (reply.MovedTo is not null)
            {
                return new Explanation(reply.MovedTo, null, null);
            }

            view = reply.View;
        }

        DecisionsReply decisions = await customer.GetDecisions(request, aborted);
        return new Explanation(decisions.MovedTo, view, decisions);
    }

    /// <summary>The customer that a merge took away, and what it brought; null where there was no such merge.</summary>
    public async Task<Outcome<RecordedMerge>> FindMerge(Asker asker, string mergeId)
    {
        // What a merge brought is named whole.
        Outcome<AccessRight> right = Decide(asker, FieldSets.Explain);
        if (!right.Succeeded || right.Value.Fields.Table is not null)
        {
            return right.Refusal ?? s_withheld;
        }

        // Checked before a grain is asked, so that wrong ids activate nothing.
        return
            DecisionIds.IsWellFormed(mergeId) && await grains.GetGrain<IDecisionGrain>(mergeId).FindMerge() is { } merge
            ? await Told<RecordedMerge>(asker, "merge.read", merge.Into, right.Value.Fields, merge)
            : new MergeUnknown();
    }
}

/// <summary>Why a customer is one.</summary>
/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="View">On the first page alone.</param>
internal sealed record Explanation(string? MovedTo, ProfileView? View, DecisionsReply? Decisions);

/// <param name="Next">Where the next page begins; null on the last.</param>
internal sealed record VisibleTimeline(ImmutableArray<VisibleMessage> Messages, TimelinePlace? Next);
