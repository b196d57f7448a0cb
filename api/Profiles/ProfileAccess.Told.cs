using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>What was shown to whom is noted before the answer leaves the gate.</summary>
internal sealed partial class ProfileAccess
{
    private static readonly ConcurrentDictionary<FieldSets, ImmutableArray<string>> s_names = [];

    /// <summary>Answers once the read is noted. A service's is counted, and nothing waits.</summary>
    /// <param name="action">What was shown: <c>profile.read</c>.</param>
    /// <param name="customerId">Of whom; null where it is not about one customer.</param>
    private ValueTask<Outcome<T>> Told<T>(
        in Asker asker,
        string action,
        string? customerId,
        VisibleFields fields,
        Outcome<T> answer
    )
        where T : notnull
    {
        if (!answer.Succeeded)
        {
            return new ValueTask<Outcome<T>>(answer);
        }

        // The purpose that counts is the key's own where the request names none.
        Outcome<AccessRight> right = tables.Decide(asker.Roles, asker.Purpose);
        var purpose = new Purpose((right.Succeeded ? right.Value.Purpose : null) ?? asker.Purpose.Name);
        ValueTask noted = reads.Note(asker with { Purpose = purpose }, action, customerId, NamesOf(fields.Shown));
        return noted.IsCompletedSuccessfully ? new ValueTask<Outcome<T>>(answer) : Await(noted, answer);

        static async ValueTask<Outcome<T>> Await(ValueTask noted, Outcome<T> answer)
        {
            await noted;
            return answer;
        }
    }

    private ValueTask<Outcome<CustomerAnswer<T>>> Told<T>(
        in Asker asker,
        string action,
        Outcome<CustomerAnswer<T>> answer
    )
        where T : class =>
        answer.Succeeded
            ? Told(asker, action, answer.Value.CustomerId, answer.Value.Fields, answer)
            : new ValueTask<Outcome<CustomerAnswer<T>>>(answer);

    /// <summary>A published profile as the caller sees it; the read is noted.</summary>
    private ValueTask<Outcome<ProfileText>> Show(
        in Asker asker,
        PublishedProfile published,
        ProfileForm form,
        AccessRight right
    )
    {
        VisibleFields fields = FieldsOf(right, published.View);
        Outcome<ProfileText> text = published.Render(form, mastership.Current, fields);
        return Told(asker, "profile.read", published.View.CustomerId, fields, text);
    }

    /// <summary>Why the caller may not see the audit log; null where that is allowed.</summary>
    /// <remarks>It is asked for no purpose: the parameter of that name is a filter there.</remarks>
    public Refusal? AuditRefusal(in Asker asker) =>
        tables.SeesForAnyPurpose(asker.Roles, FieldSets.Audit) ? null : s_withheld;

    private static ImmutableArray<string> NamesOf(FieldSets shown) =>
        s_names.GetOrAdd(
            shown,
            static sets =>
                [
                    .. Enum.GetValues<FieldSets>()
                        .Where(one => int.IsPow2((int)one) && (sets & one) == one)
                        .Select(one => JsonNamingPolicy.CamelCase.ConvertName(one.ToString())),
                ]
        );
}
