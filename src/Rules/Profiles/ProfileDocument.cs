using Customer360.Rules.Events;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Profiles;

/// <summary>Renders profiles as the JSON of <c>GET /v1/profiles/{type}:{value}</c> (blueprint, section 7).</summary>
/// <remarks>Times are RFC 3339 UTC; members stand in the order given here; equal views give equal bytes.</remarks>
public static class ProfileDocument
{
    /// <summary>
    /// <c>{"customerId","identifiers":[{"type","value"}],"traits":{name:value},"consent":{},"audiences":[],
    /// "accounts":[{"groupId","firstAt","lastAt"}],"events":[{"kind","name","count","firstAt","lastAt"}],
    /// "lifecycle":{"firstSeenAt","lastSeenAt","messageCount"},"version"}</c>, UTF-8. A trait's value is the one that the
    /// policy chooses (<see cref="TraitWinners"/>). <c>name</c> is left out where a kind has none; <c>lifecycle</c>
    /// has <c>"truncated":true</c> where there was more than a profile keeps, <c>"oversized":true</c> where the profile is too
    /// large to take more identifiers on and learns aggregates only, and no times where there was no message.
    /// </summary>
    public static byte[] Render(ProfileView view, MastershipPolicy policy) => Render(view, policy, isVerbose: false);

    /// <summary>
    /// The same with, per trait,
    /// <c>{"value","source","at","messageId","rule":{"field","strategy"},"reason",
    /// "overruled":[{"value","source","at","messageId","reason"}],"ignored":[{…,"reason":"source_may_not_write"}]}</c>,
    /// where the rule's field is <c>*</c> if the trait has none of its own and a removal is a <c>null</c> among the
    /// overruled; with <c>"absentTraits"</c>, the same for what the profile does not show; and per identifier its evidence,
    /// <c>"messageId","source","linkedAt","ruleVersion"</c>.
    /// </summary>
    /// <remarks>
    /// A trait's reason: <c>only_source</c>, <c>only_permitted_source</c>, or the strategy that decided (<c>latest</c> where
    /// the rule's saw no difference); absent: <c>removed</c> or <c>no_permitted_source</c>, which has no value, source, time
    /// and message. A candidate's reason: <c>older</c>, <c>newer</c>, <c>lower_rank</c>, <c>fewer_sources</c>,
    /// <c>smaller</c>, <c>greater</c>, <c>removed</c>, <c>tie_break</c>.
    /// </remarks>
    public static byte[] RenderVerbose(ProfileView view, MastershipPolicy policy) =>
        Render(view, policy, isVerbose: true);

    /// <summary>Writes <c>,"fields":{…}</c>: the traits as the verbose form has them.</summary>
    internal static void WriteFields(ref Utf8Buffer buffer, ProfileView view, MastershipPolicy policy) =>
        VerboseTraits.WriteFields(ref buffer, view.Fold, policy);

    private static byte[] Render(ProfileView view, MastershipPolicy policy, bool isVerbose)
    {
        var buffer = new Utf8Buffer(4096);
        try
        {
            buffer.Raw("{\"customerId\":"u8);
            buffer.Text(view.CustomerId);
            WriteIdentifiers(ref buffer, view, isVerbose);
            if (isVerbose)
            {
                VerboseTraits.Write(ref buffer, view.Fold, policy);
            }
            else
            {
                WriteTraits(ref buffer, view.Fold, policy);
            }

            buffer.Raw(",\"consent\":{},\"audiences\":[]"u8);
            WriteAccounts(ref buffer, view.Fold);
            WriteEvents(ref buffer, view.Fold);
            WriteLifecycle(ref buffer, view);
            buffer.Raw(",\"version\":"u8);
            buffer.Number(view.Version);
            buffer.Raw("}"u8);
            return buffer.ToArray();
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static void WriteIdentifiers(ref Utf8Buffer buffer, ProfileView view, bool isVerbose)
    {
        buffer.Raw(",\"identifiers\":["u8);
        foreach (ProfileIdentifier entry in view.Identifiers)
        {
            buffer.Raw("{\"type\":"u8);
            buffer.Text(entry.Identifier.Type);
            buffer.Raw(",\"value\":"u8);
            buffer.Text(entry.Identifier.Value);
            if (isVerbose)
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

    private static void WriteTraits(ref Utf8Buffer buffer, ProfileFold fold, MastershipPolicy policy)
    {
        buffer.Raw(",\"traits\":{"u8);
        foreach (Trait winner in new TraitWinners(fold, policy))
        {
            buffer.Text(winner.Name);
            buffer.Raw(":"u8);
            buffer.Raw(winner.ValueJson.Span);
            buffer.Raw(","u8);
        }

        buffer.DropComma();
        buffer.Raw("}"u8);
    }

    private static void WriteAccounts(ref Utf8Buffer buffer, ProfileFold fold)
    {
        buffer.Raw(",\"accounts\":["u8);
        foreach (AccountLink account in fold.Accounts)
        {
            buffer.Raw("{\"groupId\":"u8);
            buffer.Text(account.GroupId);
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
