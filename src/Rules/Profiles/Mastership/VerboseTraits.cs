using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>Writes where each trait of a profile comes from: what <c>?verbose=true</c> shows.</summary>
/// <remarks>Read by people, now and then: it may take its time.</remarks>
internal static class VerboseTraits
{
    /// <summary>
    /// <c>"traits":{name:…},"absentTraits":{name:…}</c>; the absent ones are the fields that the profile does not show, because their master has removed them (<c>removed</c>) or because nobody who wrote them may
    /// (<c>no_permitted_source</c>).
    /// </summary>
    public static void Write(ref Utf8Buffer buffer, ProfileFold fold, MastershipPolicy policy)
    {
        buffer.Raw(",\"traits\":{"u8);
        WriteAll(ref buffer, fold, policy, arePresent: true);
        buffer.Raw(",\"absentTraits\":{"u8);
        WriteAll(ref buffer, fold, policy, arePresent: false);
    }

    /// <summary><c>,"fields":{name:…}</c>: what <c>explain</c> shows of the fields that the profile has.</summary>
    public static void WriteFields(ref Utf8Buffer buffer, ProfileFold fold, MastershipPolicy policy)
    {
        buffer.Raw(",\"fields\":{"u8);
        WriteAll(ref buffer, fold, policy, arePresent: true);
    }

    private static void WriteAll(ref Utf8Buffer buffer, ProfileFold fold, MastershipPolicy policy, bool arePresent)
    {
        TraitWinners.Enumerator fields = new TraitWinners(fold, policy).GetEnumerator();
        while (fields.MoveField())
        {
            if (fields.IsPresent == arePresent)
            {
                ReadOnlySpan<Trait> candidates = fields.Candidates;
                buffer.Text(candidates[0].Name);
                buffer.Raw(":{"u8);
                Write(ref buffer, policy.MasterOf(candidates[0].Name), candidates);
                buffer.Raw("},"u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("}"u8);
    }

    private static void Write(ref Utf8Buffer buffer, FieldMaster master, ReadOnlySpan<Trait> candidates)
    {
        var selection = new MasterSelection(master, candidates);
        int winner = selection.Winner();
        if (winner >= 0)
        {
            WriteCandidate(ref buffer, candidates[winner]);
            buffer.Raw(","u8);
        }

        buffer.Raw("\"rule\":{\"field\":"u8);
        buffer.Text(master.Rule.Field);
        buffer.Raw(",\"strategy\":"u8);
        buffer.Text(MasterStrategies.Text(master.Rule.Strategy));
        buffer.Raw("},\"reason\":"u8);
        buffer.Text(Reason(selection, master, candidates, winner));
        WriteOverruled(ref buffer, selection, candidates, winner);
        WriteIgnored(ref buffer, selection, candidates);
    }

    /// <summary>
    /// Why it shows what it shows: what told the winner from the others. A rule whose strategy saw no difference between
    /// them was decided by the time.
    /// </summary>
    private static string Reason(
        MasterSelection selection,
        FieldMaster master,
        ReadOnlySpan<Trait> candidates,
        int winner
    )
    {
        if (winner < 0)
        {
            return "no_permitted_source";
        }

        if (candidates[winner].IsRemoved)
        {
            return "removed";
        }

        int others = 0;
        bool isByStrategy = false;
        for (int index = 0; index < candidates.Length; index++)
        {
            if (index != winner && selection.MayWrite(index))
            {
                others++;
                isByStrategy |=
                    selection.WhyOverruled(index, winner) is not (Overruled.Older or Overruled.TieBreak)
                    || master.Rule.Strategy == MasterStrategy.First;
            }
        }

        return others == 0
            ? candidates.Length == 1
                ? "only_source"
                : "only_permitted_source"
            : isByStrategy
                ? MasterStrategies.Text(master.Rule.Strategy).Replace('-', '_')
                : "latest";
    }

    private static void WriteOverruled(
        ref Utf8Buffer buffer,
        MasterSelection selection,
        ReadOnlySpan<Trait> candidates,
        int winner
    )
    {
        buffer.Raw(",\"overruled\":["u8);
        for (int index = 0; index < candidates.Length; index++)
        {
            if (index != winner && selection.MayWrite(index))
            {
                buffer.Raw("{"u8);
                WriteCandidate(ref buffer, candidates[index]);
                buffer.Raw(",\"reason\":"u8);
                buffer.Text(Text(selection.WhyOverruled(index, winner)));
                buffer.Raw("},"u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteIgnored(ref Utf8Buffer buffer, MasterSelection selection, ReadOnlySpan<Trait> candidates)
    {
        buffer.Raw(",\"ignored\":["u8);
        for (int index = 0; index < candidates.Length; index++)
        {
            if (!selection.MayWrite(index))
            {
                buffer.Raw("{"u8);
                WriteCandidate(ref buffer, candidates[index]);
                buffer.Raw(",\"reason\":\"source_may_not_write\"},"u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteCandidate(ref Utf8Buffer buffer, in Trait trait)
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

    private static string Text(Overruled reason) =>
        reason switch
        {
            Overruled.Older => "older",
            Overruled.Newer => "newer",
            Overruled.TieBreak => "tie_break",
            Overruled.LowerRank => "lower_rank",
            Overruled.FewerSources => "fewer_sources",
            Overruled.Smaller => "smaller",
            Overruled.Greater => "greater",
            Overruled.Removed => "removed",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "An unknown reason."),
        };
}
