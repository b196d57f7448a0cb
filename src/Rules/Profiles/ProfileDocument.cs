using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Profiles;

/// <summary>Renders profiles as the JSON of <c>GET /v1/profiles/{type}:{value}</c>.</summary>
/// <remarks>Times are RFC 3339 UTC; members stand in the order given here; equal views give equal bytes.</remarks>
public static class ProfileDocument
{
    /// <summary>
    /// <c>{"customerId","identifiers":[{"type","value"}],"traits":{name:value},"consent":{purpose:{"status","until"?}},"audiences":["name"],
    /// "accounts":[{"groupId","firstAt","lastAt"}],"events":[{"kind","name","count","firstAt","lastAt"}],
    /// "lifecycle":{"firstSeenAt","lastSeenAt","messageCount"},"version"}</c>, UTF-8. A trait's value is the one that the
    /// policy chooses (<see cref="TraitWinners"/>). <c>name</c> is left out where a kind has none; <c>lifecycle</c>
    /// has <c>"truncated":true</c> where there was more than a profile keeps, <c>"oversized":true</c> where the profile is too
    /// large to take more identifiers on and learns aggregates only, and no times where there was no message.
    /// </summary>
    public static byte[] Render(ProfileView view, MastershipPolicy policy) =>
        Render(view, policy, VisibleFields.Everything);

    /// <summary>
    /// The same for a caller who may not see everything. A member of a set that is withheld is left out; of one that is masked,
    /// each value is <see cref="VisibleFields.Mask"/>. Whoever does not see the whole profile is not told its version, which
    /// rises with every change, of what the caller sees and of what not.
    /// </summary>
    public static byte[] Render(ProfileView view, MastershipPolicy policy, VisibleFields fields) =>
        Render(view, policy, fields, isVerbose: false);

    /// <summary>
    /// The same with, per trait,
    /// <c>{"value","source","at","messageId","rule":{"field","strategy"},"reason",
    /// "overruled":[{"value","source","at","messageId","reason"}],"ignored":[{…,"reason":"source_may_not_write"}]}</c>,
    /// where the rule's field is <c>*</c> if the trait has none of its own and a removal is a <c>null</c> among the
    /// overruled; with <c>"absentTraits"</c>, the same for what the profile does not show; and per identifier its evidence,
    /// <c>"messageId","source","linkedAt","ruleVersion"</c>.
    /// </summary>
    /// <remarks>
    /// A trait's reason: <c>only_source</c>, <c>only_permitted_source</c>, <c>only_trusted_source</c>, or the strategy that decided (<c>latest</c> where
    /// the rule's saw no difference); absent: <c>removed</c>, <c>too_long</c> or <c>no_permitted_source</c>, which has no value, source, time
    /// and message. A candidate's reason: <c>older</c>, <c>newer</c>, <c>lower_rank</c>, <c>fewer_sources</c>,
    /// <c>smaller</c>, <c>greater</c>, <c>removed</c>, <c>claimed</c>, <c>tie_break</c>.
    /// </remarks>
    public static byte[] RenderVerbose(ProfileView view, MastershipPolicy policy) =>
        RenderVerbose(view, policy, VisibleFields.Everything);

    /// <summary>
    /// The same for a caller who may not see everything: without sources for one who may not see where things come from, and
    /// without <c>overruled</c> and <c>ignored</c> for one who may not see those values. Who does not see every field is told in
    /// <c>"access":{"purpose","withheld":[{"field","because"}],"masked":[{"field","mask","because"}]}</c> what the policy keeps
    /// from them; it says the same of everybody.
    /// </summary>
    public static byte[] RenderVerbose(ProfileView view, MastershipPolicy policy, VisibleFields fields) =>
        Render(view, policy, fields, isVerbose: true);

    /// <summary>Writes <c>,"fields":{…},"absentFields":{…}</c>: the traits as the verbose form has them.</summary>
    internal static void WriteFields(
        ref Utf8Buffer buffer,
        ProfileView view,
        MastershipPolicy policy,
        VisibleFields fields
    ) => VerboseTraits.WriteFields(ref buffer, view.Fold, policy, fields);

    private static byte[] Render(ProfileView view, MastershipPolicy policy, VisibleFields fields, bool isVerbose)
    {
        bool withSources = isVerbose && fields.Show(FieldSets.Provenance);
        var buffer = new Utf8Buffer(4096);
        try
        {
            buffer.Raw("{\"customerId\":"u8);
            buffer.Text(view.CustomerId);
            if (fields.HaveAnyOf(FieldSets.Identifiers))
            {
                WriteIdentifiers(ref buffer, view, withSources, fields);
            }

            if (fields.HaveAnyOf(FieldSets.Traits))
            {
                WriteTraits(ref buffer, view.Fold, policy, withSources, fields);
            }

            WriteConsent(ref buffer, view.Consent, isVerbose);
            WriteAudiences(ref buffer, view, fields);
            if (fields.HaveAnyOf(FieldSets.Accounts))
            {
                WriteAccounts(ref buffer, view, fields.Hide(FieldSets.Accounts));
            }

            if (fields.Show(FieldSets.Counters))
            {
                WriteEvents(ref buffer, view.Fold);
            }

            if (fields.Show(FieldSets.Activity))
            {
                WriteLifecycle(ref buffer, view);
            }

            if (fields.IsWholeProfile)
            {
                buffer.Raw(",\"version\":"u8);
                buffer.Number(view.Version);
            }

            if (isVerbose && fields.Table is { } table)
            {
                buffer.Raw(",\"access\":"u8);
                table.WriteListing(ref buffer);
            }

            buffer.Raw("}"u8);
            return buffer.ToArray();
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>In which audience a person is tells what is known of her, so who does not see all of it is told of none.</summary>
    private static void WriteAudiences(ref Utf8Buffer buffer, ProfileView view, VisibleFields fields)
    {
        buffer.Raw(",\"audiences\":["u8);
        foreach (string audience in fields.IsWholeProfile ? view.Audiences : [])
        {
            buffer.Text(audience);
            buffer.Raw(","u8);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteIdentifiers(
        ref Utf8Buffer buffer,
        ProfileView view,
        bool withSources,
        VisibleFields fields
    )
    {
        bool isMasked = fields.Hide(FieldSets.Identifiers);
        Identifier? last = null;
        buffer.Raw(",\"identifiers\":["u8);
        foreach (ProfileIdentifier entry in view.Identifiers)
        {
            Identifier? shown = fields.Table is { } table ? table.Show(entry.Identifier) : entry.Identifier;
            if (shown is not { } identifier || (fields.Table is not null && shown == last))
            {
                // Withheld, or a mask that stands here already.
                continue;
            }

            last = identifier;
            buffer.Raw("{\"type\":"u8);
            buffer.Text(identifier.Type);
            buffer.Raw(",\"value\":"u8);
            buffer.Text(isMasked ? VisibleFields.Mask : identifier.Value);
            if (withSources)
            {
                buffer.Raw(",\"messageId\":"u8);
                buffer.Text(entry.MessageId);
                buffer.Raw(",\"source\":"u8);
                buffer.Text(entry.Source);
                buffer.Raw(",\"linkedAt\":"u8);
                buffer.Time(entry.LinkedAt);
                buffer.Raw(",\"ruleVersion\":"u8);
                buffer.Text(entry.RuleVersion);
            }

            buffer.Raw("},"u8);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteTraits(
        ref Utf8Buffer buffer,
        ProfileFold fold,
        MastershipPolicy policy,
        bool withSources,
        VisibleFields fields
    )
    {
        if (withSources)
        {
            VerboseTraits.Write(ref buffer, fold, policy, fields);
            return;
        }

        buffer.Raw(",\"traits\":{"u8);
        foreach (Trait winner in new TraitWinners(fold, policy))
        {
            if (VerboseTraits.ValueOf(winner, fields) is { } value)
            {
                buffer.Text(winner.Name);
                buffer.Raw(":"u8);
                buffer.Raw(value.Span);
                buffer.Raw(","u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("}"u8);
    }

    /// <summary>Purposes of which something was said; who reads it verbosely is told by whom.</summary>
    private static void WriteConsent(ref Utf8Buffer buffer, ConsentView consent, bool isVerbose)
    {
        buffer.Raw(",\"consent\":{"u8);
        foreach (ConsentStanding standing in consent.Purposes)
        {
            buffer.Text(standing.Purpose);
            buffer.Raw(":{\"status\":"u8);
            buffer.Text(ConsentLedgerJson.TextOf(standing.Status));
            if (standing.Until is { } until)
            {
                buffer.Raw(",\"until\":"u8);
                buffer.Time(until);
            }

            if (isVerbose)
            {
                buffer.Raw(",\"source\":"u8);
                buffer.Text(standing.Source);
                buffer.Raw(",\"form\":"u8);
                buffer.Text(standing.Form);
                buffer.Raw(",\"at\":"u8);
                buffer.Time(standing.Word.At);
                buffer.Raw(",\"policyVersion\":"u8);
                buffer.Text(standing.Word.PolicyVersion);
            }

            buffer.Raw("},"u8);
        }

        buffer.DropComma();
        buffer.Raw("}"u8);
    }

    private static void WriteAccounts(ref Utf8Buffer buffer, ProfileView view, bool isMasked)
    {
        buffer.Raw(",\"accounts\":["u8);
        foreach (AccountLink account in view.Accounts)
        {
            buffer.Raw("{\"groupId\":"u8);
            buffer.Text(isMasked ? VisibleFields.Mask : account.GroupId);
            WriteSpan(ref buffer, account.FirstAt, account.LastAt);
            buffer.Raw("},"u8);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteEvents(ref Utf8Buffer buffer, ProfileFold fold)
    {
        buffer.Raw(",\"events\":["u8);
        foreach (EventCounter counter in fold.Counters)
        {
            buffer.Raw("{\"kind\":"u8);
            buffer.Text(EventKinds.Text(counter.Kind));
            if (counter.Name.Length > 0)
            {
                buffer.Raw(",\"name\":"u8);
                buffer.Text(counter.Name);
            }

            buffer.Raw(",\"count\":"u8);
            buffer.Number(counter.Count);
            WriteSpan(ref buffer, counter.FirstAt, counter.LastAt);
            buffer.Raw("},"u8);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteSpan(ref Utf8Buffer buffer, DateTimeOffset firstAt, DateTimeOffset lastAt)
    {
        buffer.Raw(",\"firstAt\":"u8);
        buffer.Time(firstAt);
        buffer.Raw(",\"lastAt\":"u8);
        buffer.Time(lastAt);
    }

    private static void WriteLifecycle(ref Utf8Buffer buffer, ProfileView view)
    {
        ProfileFold fold = view.Fold;
        buffer.Raw(",\"lifecycle\":{"u8);
        if (fold.First is { } first && fold.Last is { } last)
        {
            buffer.Raw("\"firstSeenAt\":"u8);
            buffer.Time(first.At);
            buffer.Raw(",\"lastSeenAt\":"u8);
            buffer.Time(last.At);
            buffer.Raw(","u8);
        }

        buffer.Raw("\"messageCount\":"u8);
        buffer.Number(fold.MessageCount);
        if (fold.IsTruncated)
        {
            buffer.Raw(",\"truncated\":true"u8);
        }

        if (view.IsOversized)
        {
            buffer.Raw(",\"oversized\":true"u8);
        }

        buffer.Raw("}"u8);
    }
}
