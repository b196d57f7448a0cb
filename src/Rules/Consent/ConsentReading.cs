using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Consent;

/// <summary>What a message that is being read says about consent. Of one that says nothing no object is made.</summary>
internal static class ConsentReading
{
    /// <param name="message">Canonical.</param>
    /// <param name="head">Kind, source and times are known.</param>
    /// <param name="hasPrivacyControl">The request came with <c>Sec-GPC: 1</c>.</param>
    public static ConsentStatement? Read(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        in EnvelopeHead head,
        bool hasPrivacyControl,
        PolicyInForce<ConsentPolicy> inForce
    )
    {
        ConsentPolicy policy = inForce.Body.Base;
        DateTimeOffset at = head.Timestamp < head.ReceivedAt ? head.Timestamp : head.ReceivedAt;
        ConsentDraft? draft = null;
        if (fields.Context.IsObject || policy.Places.Count > 1)
        {
            foreach (ConsentPlace place in policy.PlacesOf(head.Source))
            {
                (JsonSlice found, JsonSlice around) = Find(message, fields, place);
                if (found.IsPresent)
                {
                    draft ??= new ConsentDraft(policy, at, head.ReceivedAt);
                    draft.Hear(place.Form, found.Of(message), around.IsObject ? around.Of(message) : []);
                }
            }
        }

        if (hasPrivacyControl)
        {
            draft ??= new ConsentDraft(policy, at, head.ReceivedAt);
            draft.HearText("gpc", "1");
        }

        if (head.Kind == EventKind.Identify && !policy.Traits.IsEmpty)
        {
            HearTraits(
                message,
                EnvelopeText.StatedTraits(fields.Traits, fields.ContextTraits),
                policy,
                ref draft,
                head
            );
        }

        return draft?.ToStatement(inForce.Body.Version);
    }

    /// <summary>What becomes of a message that says this: the strictest of what its denied purposes ask for.</summary>
    public static CollectBoundary BoundaryOf(ConsentStatement statement, ConsentPolicy policy)
    {
        CollectBoundary boundary = CollectBoundary.Stored;
        foreach (ConsentClause clause in statement.Clauses)
        {
            if (
                clause.Status == ConsentStatus.Denied
                && policy.Find(clause.Purpose) is { } purpose
                && purpose.Collect > boundary
            )
            {
                boundary = purpose.Collect;
            }
        }

        return boundary;
    }

    /// <summary>The value at a place, and the object that it stands in.</summary>
    private static (JsonSlice Found, JsonSlice Around) Find(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        ConsentPlace place
    )
    {
        ImmutableArray<byte[]> members = place.Members;
        bool isInContext = members[0].AsSpan().SequenceEqual("context"u8);
        JsonSlice found = new(0, message.Length, JsonTokenType.StartObject);
        JsonSlice around = default;
        int next = 0;
        if (isInContext)
        {
            found = fields.Context;
            next = 1;
            if (members.Length > 1 && members[1].AsSpan().SequenceEqual("consent"u8))
            {
                (found, next) = (fields.Consent, 2);
            }
            else if (members.Length > 1 && members[1].AsSpan().SequenceEqual("consentManagement"u8))
            {
                (found, next) = (fields.ConsentManagement, 2);
            }
        }

        for (; next < members.Length && found.Length > 0; next++)
        {
            around = found;
            found = MessageIdentifiers.Member(message, found, members[next]);
        }

        return (found, around);
    }

    private static void HearTraits(
        ReadOnlySpan<byte> message,
        JsonSlice traits,
        ConsentPolicy policy,
        ref ConsentDraft? draft,
        in EnvelopeHead head
    )
    {
        if (traits is not { IsObject: true, Length: > 2 })
        {
            return;
        }

        var reader = new CheckedReader(traits.Of(message));
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            JsonSlice value = reader.Take();
            foreach (ConsentTrait trait in policy.NearestFirst)
            {
                if (!trait.IsOf(name))
                {
                    continue;
                }

                if (!value.IsObject && Says(trait, JsonText.Read(value.ContentOf(traits.Of(message)))) is { } status)
                {
                    draft ??= new ConsentDraft(
                        policy,
                        head.Timestamp < head.ReceivedAt ? head.Timestamp : head.ReceivedAt,
                        head.ReceivedAt
                    );
                    draft.Add(
                        trait.Purpose,
                        ConsentSpanForms.Trait,
                        trait.IsOfMany ? JsonText.Read(name) : trait.Trait,
                        status,
                        saidAt: null,
                        until: null
                    );
                }

                break;
            }
        }
    }

    /// <summary>CRMs write a box as true, "true", "TRUE" or 1 as they please; case does not matter.</summary>
    private static ConsentStatus? Says(ConsentTrait trait, string value) =>
        trait.Denies.Contains(value, StringComparer.OrdinalIgnoreCase) ? ConsentStatus.Denied
        : trait.Grants.Contains(value, StringComparer.OrdinalIgnoreCase) ? ConsentStatus.Granted
        : null;
}
