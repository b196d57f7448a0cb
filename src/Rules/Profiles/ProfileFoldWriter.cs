using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>Writes the canonical form of a fold; <see cref="ProfileFold.WriteJson"/> states its shape.</summary>
internal static class ProfileFoldWriter
{
    /// <summary>
    /// Writes through a buffer of ours, so that the bytes don't hang on the writer's escaping and indentation, and a
    /// state that is written with every batch costs one call of the writer.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, ProfileFold fold)
    {
        var buffer = new Utf8Buffer(4096);
        try
        {
            Write(ref buffer, fold);
            writer.WriteRawValue(buffer.Written, skipInputValidation: true);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static void Write(ref Utf8Buffer buffer, ProfileFold fold)
    {
        buffer.Raw("{\"messageCount\":"u8);
        buffer.Number(fold.MessageCount);
        if (fold.ClaimedCount > 0)
        {
            buffer.Raw(",\"claimedCount\":"u8);
            buffer.Number(fold.ClaimedCount);
        }

        WriteTouch(ref buffer, ",\"first\":"u8, fold.First);
        WriteTouch(ref buffer, ",\"last\":"u8, fold.Last);
        WriteTraits(ref buffer, fold);
        WriteCounters(ref buffer, fold);
        WriteAccounts(ref buffer, fold);
        if (fold.IsTruncated)
        {
            buffer.Raw(",\"truncated\":true"u8);
        }

        buffer.Raw("}"u8);
    }

    private static void WriteTouch(ref Utf8Buffer buffer, ReadOnlySpan<byte> name, Touch? touch)
    {
        if (touch is { } known)
        {
            buffer.Raw(name);
            buffer.Raw("{\"at\":"u8);
            buffer.Time(known.At);
            buffer.Raw(",\"messageId\":"u8);
            buffer.Text(known.MessageId);
            buffer.Raw(",\"source\":"u8);
            buffer.Text(known.Source);
            WriteArrival(ref buffer, known.Arrival);
            buffer.Raw("}"u8);
        }
    }

    private static void WriteTraits(ref Utf8Buffer buffer, ProfileFold fold)
    {
        if (fold.Traits.IsEmpty)
        {
            return;
        }

        buffer.Raw(",\"traits\":["u8);
        foreach (ref readonly Trait trait in fold.Traits.AsSpan())
        {
            buffer.Raw("{\"name\":"u8);
            buffer.Text(trait.Name);
            buffer.Raw(",\"source\":"u8);
            buffer.Text(trait.Source);
            if (trait.Trust != StatementTrust.Trusted)
            {
                buffer.Raw(",\"trust\":"u8);
                buffer.Text(StatementTrusts.Text(trait.Trust));
            }

            buffer.Raw(",\"value\":"u8);
            buffer.Raw(trait.ValueJson.Span);
            if (trait.IsTooLong)
            {
                buffer.Raw(",\"tooLong\":true"u8);
            }

            buffer.Raw(",\"at\":"u8);
            buffer.Time(trait.At);
            buffer.Raw(",\"messageId\":"u8);
            buffer.Text(trait.MessageId);
            WriteArrival(ref buffer, trait.Arrival);
            buffer.Raw("},"u8);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteCounters(ref Utf8Buffer buffer, ProfileFold fold)
    {
        if (fold.Counters.IsEmpty)
        {
            return;
        }

        buffer.Raw(",\"counters\":["u8);
        foreach (ref readonly EventCounter counter in fold.Counters.AsSpan())
        {
            buffer.Raw("{\"kind\":"u8);
            buffer.Text(EventKinds.Text(counter.Kind));
            buffer.Raw(",\"name\":"u8);
            buffer.Text(counter.Name);
            buffer.Raw(",\"count\":"u8);
            buffer.Number(counter.Count);
            WriteSpan(ref buffer, counter.FirstAt, counter.LastAt);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteAccounts(ref Utf8Buffer buffer, ProfileFold fold)
    {
        if (fold.Accounts.IsEmpty)
        {
            return;
        }

        buffer.Raw(",\"accounts\":["u8);
        foreach (ref readonly AccountLink account in fold.Accounts.AsSpan())
        {
            buffer.Raw("{\"groupId\":"u8);
            buffer.Text(account.GroupId);
            if (account.LeftAt is { } leftAt)
            {
                buffer.Raw(",\"leftAt\":"u8);
                buffer.Time(leftAt);
            }

            if (account.FirstAt > account.LastAt)
            {
                // Only that she left is known.
                buffer.Raw("},"u8);
                continue;
            }

            WriteSpan(ref buffer, account.FirstAt, account.LastAt);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteArrival(ref Utf8Buffer buffer, Arrival arrival)
    {
        if (arrival.IsKnown)
        {
            buffer.Raw(",\"arrival\":["u8);
            buffer.Time(arrival.ReceivedAt);
            buffer.Raw(","u8);
            buffer.Number(arrival.Place.Partition);
            buffer.Raw(","u8);
            buffer.Number(arrival.Place.Position);
            buffer.Raw("]"u8);
        }
    }

    private static void WriteSpan(ref Utf8Buffer buffer, DateTimeOffset firstAt, DateTimeOffset lastAt)
    {
        buffer.Raw(",\"firstAt\":"u8);
        buffer.Time(firstAt);
        buffer.Raw(",\"lastAt\":"u8);
        buffer.Time(lastAt);
        buffer.Raw("},"u8);
    }
}
