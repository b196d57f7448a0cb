using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>Renders profiles as the JSON of <c>GET /v1/profiles/{type}:{value}</c> (blueprint, section 7).</summary>
/// <remarks>Times are RFC 3339 UTC; members stand in the order given here; equal views give equal bytes.</remarks>
public static class ProfileDocument
{
    /// <summary>
    /// <c>{"customerId","identifiers":[{"type","value"}],"traits":{name:value},"consent":{},"audiences":[],
    /// "accounts":[{"groupId","firstAt","lastAt"}],"events":[{"kind","name","count","firstAt","lastAt"}],
    /// "lifecycle":{"firstSeenAt","lastSeenAt","messageCount"},"version"}</c>, UTF-8. A trait's value is the latest
    /// over all sources (<see cref="TraitWinners"/>). <c>name</c> is left out where a kind has none; <c>lifecycle</c>
    /// has <c>"truncated":true</c> where there was more than a profile keeps, <c>"oversized":true</c> where the profile is too large to take more identifiers
    /// on and learns aggregates only, and no times where there was no message.
    /// </summary>
    public static byte[] Render(ProfileView view) => Render(view, isVerbose: false);

    /// <summary>
    /// The same with, per trait,
    /// <c>{"value","source","at","messageId","reason","overruled":[{"value","source","at","messageId"}]}</c>, where
    /// the reason is
    /// <c>only_source</c> or <c>latest</c> and a removal by another source is an overruled <c>null</c>; and per
    /// identifier its evidence,
    /// <c>"messageId","source","linkedAt","ruleVersion"</c>.
    /// </summary>
    public static byte[] RenderVerbose(ProfileView view) => Render(view, isVerbose: true);

    /// <summary>Writes <c>,"fields":{…}</c>: the traits as the verbose form has them.</summary>
    internal static void WriteFields(ref Utf8Buffer buffer, ProfileView view) =>
        WriteTraits(ref buffer, ",\"fields\":{"u8, view.Fold, isVerbose: true);

    private static byte[] Render(ProfileView view, bool isVerbose)
    {
        var buffer = new Utf8Buffer(4096);
        try
        {
            buffer.Raw("{\"customerId\":"u8);
            buffer.Text(view.CustomerId);
            WriteIdentifiers(ref buffer, view, isVerbose);
            WriteTraits(ref buffer, ",\"traits\":{"u8, view.Fold, isVerbose);
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

    private static void WriteTraits(ref Utf8Buffer buffer, ReadOnlySpan<byte> opening, ProfileFold fold, bool isVerbose)
    {
        buffer.Raw(opening);
        TraitWinners.Enumerator winners = new TraitWinners(fold).GetEnumerator();
        while (winners.MoveNext())
        {
            Trait winner = winners.Current;
            buffer.Text(winner.Name);
            buffer.Raw(":"u8);
            if (isVerbose)
            {
                WriteVerboseTrait(ref buffer, winner, winners.Candidates);
            }
            else
            {
                buffer.Raw(winner.ValueJson.Span);
            }

            buffer.Raw(","u8);
        }

        buffer.DropComma();
        buffer.Raw("}"u8);
    }

    private static void WriteVerboseTrait(ref Utf8Buffer buffer, Trait winner, ReadOnlySpan<Trait> candidates)
    {
        buffer.Raw("{"u8);
        WriteCandidate(ref buffer, winner);
        buffer.Raw(candidates.Length == 1 ? ",\"reason\":\"only_source\""u8 : ",\"reason\":\"latest\""u8);
        buffer.Raw(",\"overruled\":["u8);
        foreach (Trait candidate in candidates)
        {
            if (!string.Equals(candidate.Source, winner.Source, StringComparison.Ordinal))
            {
                buffer.Raw("{"u8);
                WriteCandidate(ref buffer, candidate);
                buffer.Raw("},"u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("]}"u8);
    }

    private static void WriteCandidate(ref Utf8Buffer buffer, Trait trait)
    {
        buffer.Raw("\"value\":"u8);
        buffer.Raw(trait.ValueJson.Span);
        buffer.Raw(",\"source\":"u8);
        buffer.Text(trait.Source);
        buffer.Raw(",\"at\":"u8);
        buffer.Time(trait.At);
        buffer.Raw(",\"messageId\":"u8);
        buffer.Text(trait.MessageId);
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
