using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>Writes where each trait of a profile comes from: what <c>?verbose=true</c> shows.</summary>
/// <remarks>Read by people, now and then: it may take its time.</remarks>
internal static class VerboseTraits
{
    // What stands for each value where the caller may see none of them.
    private static readonly byte[] s_mask = [.. "\"***\""u8];

    /// <summary>A trait's value as the caller sees it, UTF-8 JSON; null: not at all.</summary>
    public static ReadOnlyMemory<byte>? ValueOf(in Trait trait, VisibleFields fields) =>
        fields.Hide(FieldSets.Traits) ? s_mask
        : fields.Table is { } table ? table.Show(trait.Name, trait.ValueJson)
        : trait.ValueJson;

    /// <summary>
    /// <c>"traits":{name:…},"absentTraits":{name:…}</c>; the absent ones are the fields that the profile does not show: their
    /// master has removed them (<c>removed</c>), its latest value is too long to be kept (<c>too_long</c>), or nobody who
    /// wrote them may (<c>no_permitted_source</c>).
    /// </summary>
    /// <param name="fields">What is masked or withheld is so alike of values that were overruled.</param>
    public static void Write(ref Utf8Buffer buffer, ProfileFold fold, MastershipPolicy policy, VisibleFields fields)
    {
        buffer.Raw(",\"traits\":{"u8);
        WriteAll(ref buffer, fold, policy, arePresent: true, fields);
        buffer.Raw(",\"absentTraits\":{"u8);
        WriteAll(ref buffer, fold, policy, arePresent: false, fields);
    }

    /// <summary>
    /// <c>,"fields":{name:…},"absentFields":{name:…}</c>: what <c>explain</c> shows of the fields that the profile has, and of
    /// those that it does not show although somebody wrote them.
    /// </summary>
    public static void WriteFields(
        ref Utf8Buffer buffer,
        ProfileFold fold,
        MastershipPolicy policy,
        VisibleFields fields
    )
    {
        buffer.Raw(",\"fields\":{"u8);
        WriteAll(ref buffer, fold, policy, arePresent: true, fields);
        buffer.Raw(",\"absentFields\":{"u8);
        WriteAll(ref buffer, fold, policy, arePresent: false, fields);
    }

    private static void WriteAll(
        ref Utf8Buffer buffer,
        ProfileFold fold,
        MastershipPolicy policy,
        bool arePresent,
        VisibleFields fields
    )
    {
        TraitWinners.Enumerator traits = new TraitWinners(fold, policy).GetEnumerator();
        while (traits.MoveField())
        {
            ReadOnlySpan<Trait> candidates = traits.Candidates;
            if (traits.IsPresent == arePresent && IsShown(candidates, fields))
            {
                buffer.Text(candidates[0].Name);
                buffer.Raw(":{"u8);
                Write(ref buffer, policy.MasterOf(candidates[0].Name), candidates, fields);
                buffer.Raw("},"u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("}"u8);
    }

    private static void Write(
        ref Utf8Buffer buffer,
        FieldMaster master,
        ReadOnlySpan<Trait> candidates,
        VisibleFields fields
    )
    {
        var selection = new MasterSelection(master, candidates);
        int winner = selection.Winner();
        if (winner >= 0)
        {
            WriteCandidate(ref buffer, candidates[winner], fields);
            buffer.Raw(","u8);
        }

        buffer.Raw("\"rule\":{\"field\":"u8);
        buffer.Text(master.Rule.Field);
        buffer.Raw(",\"strategy\":"u8);
        buffer.Text(MasterStrategies.Text(master.Rule.Strategy));
        buffer.Raw("},\"reason\":"u8);
        buffer.Text(Reason(selection, master, candidates, winner));
        if (fields.Show(FieldSets.Overruled))
        {
            WriteOverruled(ref buffer, selection, candidates, winner, fields);
            WriteIgnored(ref buffer, selection, candidates, fields);
        }
    }

    /// <summary>False where nothing of what any source said is shown: then the caller is not even told that somebody said it.</summary>
    private static bool IsShown(ReadOnlySpan<Trait> candidates, VisibleFields fields)
    {
        foreach (ref readonly Trait one in candidates)
        {
            if (ValueOf(one, fields) is not null)
            {
                return true;
            }
        }

        return false;
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
            return candidates[winner].IsTooLong ? "too_long" : "removed";
        }

        int others = 0;
        int claims = 0;
        bool isByStrategy = false;
        bool isCorrected = false;
        for (int index = 0; index < candidates.Length; index++)
        {
            if (index != winner && selection.MayWrite(index))
            {
                Overruled why = selection.WhyOverruled(index, winner);
                isCorrected |= why == Overruled.Corrected;
                claims += why == Overruled.Claimed ? 1 : 0;
                others += why == Overruled.Claimed ? 0 : 1;
                isByStrategy |=
                    why is not (Overruled.Older or Overruled.TieBreak or Overruled.Claimed or Overruled.Corrected)
                    || (
                        why is not (Overruled.Claimed or Overruled.Corrected)
                        && master.Rule.Strategy == MasterStrategy.First
                    );
            }
        }

        return others == 0
            ? candidates.Length == 1
                ? "only_source"
                : claims > 0
                    ? "only_trusted_source"
                    : "only_permitted_source"
            : isCorrected && candidates[winner].IsCorrection
                ? "corrected"
                : isByStrategy
                    ? MasterStrategies.Text(master.Rule.Strategy).Replace('-', '_')
                    : "latest";
    }

    private static void WriteOverruled(
        ref Utf8Buffer buffer,
        MasterSelection selection,
        ReadOnlySpan<Trait> candidates,
        int winner,
        VisibleFields fields
    )
    {
        buffer.Raw(",\"overruled\":["u8);
        for (int index = 0; index < candidates.Length; index++)
        {
            if (index != winner && selection.MayWrite(index) && ValueOf(candidates[index], fields) is not null)
            {
                buffer.Raw("{"u8);
                WriteCandidate(ref buffer, candidates[index], fields);
                buffer.Raw(",\"reason\":"u8);
                buffer.Text(Text(selection.WhyOverruled(index, winner)));
                buffer.Raw("},"u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteIgnored(
        ref Utf8Buffer buffer,
        MasterSelection selection,
        ReadOnlySpan<Trait> candidates,
        VisibleFields fields
    )
    {
        buffer.Raw(",\"ignored\":["u8);
        for (int index = 0; index < candidates.Length; index++)
        {
            if (!selection.MayWrite(index) && ValueOf(candidates[index], fields) is not null)
            {
                buffer.Raw("{"u8);
                WriteCandidate(ref buffer, candidates[index], fields);
                buffer.Raw(",\"reason\":\"source_may_not_write\"},"u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteCandidate(ref Utf8Buffer buffer, in Trait trait, VisibleFields fields)
    {
        buffer.Raw("\"value\":"u8);
        buffer.Raw(ValueOf(trait, fields) is { } value ? value.Span : "null"u8);
        buffer.Raw(",\"source\":"u8);
        buffer.Text(trait.Source);
        if (trait.Trust != StatementTrust.Trusted)
        {
            buffer.Raw(",\"trust\":"u8);
            buffer.Text(StatementTrusts.Text(trait.Trust));
        }

        buffer.Raw(",\"at\":"u8);
        buffer.Time(trait.At);
        buffer.Raw(",\"messageId\":"u8);
        buffer.Text(trait.MessageId);
        if (trait.IsTooLong)
        {
            buffer.Raw(",\"tooLong\":true"u8);
        }
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
            Overruled.Claimed => "claimed",
            Overruled.Corrected => "corrected",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "An unknown reason."),
        };
}
