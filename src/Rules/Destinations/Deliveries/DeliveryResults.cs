using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary>What came of one item of a request.</summary>
/// <param name="Status">The HTTP status; 0: there was none.</param>
public sealed record ItemAnswer(DeliveryJudgement Judgement, int Status)
{
    private const int NoteLengthMax = 200;

    /// <summary>What the receiver called it, or said of it, without personal data.</summary>
    public string? Note { get; init; }

    /// <summary>The receiver's record; null: it did not say.</summary>
    public string? RecordId { get; init; }

    /// <summary>It was said of the whole request: which item it is about is not known.</summary>
    public bool IsOfRequest { get; init; }

    public DeliveryResult ToResult(OutboxItem item) =>
        new(item, Judgement.Outcome, Judgement.Reason, Status, Judgement.RetryAt)
        {
            Note = NoteOf(Note ?? (RecordId is null ? null : $"record {RecordId}")),
            IsNoTry = Judgement.IsNoTry,
            // Whoever answered has read it, whatever the answer says.
            MayHaveArrived = !Judgement.IsNoTry && (Status > 0 || Judgement.IsLost),
        };

    /// <summary>What no table takes is left out, whichever wire has let it through: else nothing of the destination could be settled.</summary>
    private static string? NoteOf(string? note) =>
        note is not { Length: > 0 } || note.Any(one => char.IsControl(one) || char.IsSurrogate(one)) ? null
        : note.Length > NoteLengthMax ? note[..NoteLengthMax]
        : note;
}

/// <summary>An item on its way, and what is sent of it.</summary>
public readonly record struct OutgoingItem(OutboxItem Item, DeliveryContent Content);

/// <summary>Chance that follows from what it is for: the same try waits as long in a test, and after a crash.</summary>
public static class DeliveryChance
{
    /// <summary>From 0 to 1, 1 excluded.</summary>
    public static double Of(OutboxItem item)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{item.Effect.Id} {item.Tries}");
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
