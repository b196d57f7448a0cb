using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Collect;

/// <summary>The messages of a request after reading: for each place an envelope, or why there is none.</summary>
/// <param name="Envelopes">By place in the request; null where the message was refused.</param>
/// <param name="Receipts">By place in the request; filled for refused messages, the rest comes from the intake.</param>
public sealed record MessageReading(Envelope?[] Envelopes, CollectReceipt[] Receipts)
{
    /// <summary>Who asked where the messages went and may be told; null where nobody did.</summary>
    internal Asker? Asker { get; init; }

    /// <summary>True: a call with one message, whose refusal is the answer.</summary>
    public bool IsOne { get; init; }

    /// <summary>
    /// Reads the messages at these places again, by rules that came into force since. What those refuse gets a receipt that
    /// says so; the places of the others are answered.
    /// </summary>
    public List<int> ReadAgain(EnvelopeReader reader, List<int> places)
    {
        List<int> taken = [];
        foreach (int place in places)
        {
            Outcome<Envelope> outcome = reader.ReadAgain(Envelopes[place]!);
            if (outcome.Succeeded)
            {
                Envelopes[place] = outcome.Value;
                taken.Add(place);
            }
            else
            {
                Receipts[place] = new CollectReceipt
                {
                    MessageId = Envelopes[place]!.MessageId,
                    Refusal = outcome.Refusal,
                };
                Envelopes[place] = null;
            }
        }

        return taken;
    }

    /// <summary>
    /// Refuses messages that set what their sender may not. Of a call with one message the refusal is the answer; else it stands
    /// in the message's receipt, and null is returned.
    /// </summary>
    public Refusal? Refuse(WritableFields writable)
    {
        for (int place = 0; place < Envelopes.Length; place++)
        {
            if (Envelopes[place] is not { } message || writable.Cover(message))
            {
                continue;
            }

            var refusal = new FieldNotWritable();
            if (IsOne)
            {
                return refusal;
            }

            Receipts[place] = new CollectReceipt { MessageId = message.MessageId, Refusal = refusal };
            Envelopes[place] = null;
        }

        return null;
    }

    /// <summary>Reads the one message of a call.</summary>
    public static Outcome<MessageReading> ReadOne(EnvelopeReader reader, SentBody body, in MessageContext context)
    {
        Outcome<Envelope> outcome = reader.Read(body[0], context);
        return outcome.Succeeded
            ? new MessageReading([outcome.Value], new CollectReceipt[1]) { IsOne = true }
            : outcome.Refusal;
    }

    /// <summary>Reads a batch. A bad message is refused by its receipt and does not spoil the others.</summary>
    public static Outcome<MessageReading> ReadBatch(
        EnvelopeReader reader,
        SentBody body,
        in MessageContext context,
        int messagesMax
    )
    {
        if (body is not { HasBatch: true, Count: > 0 })
        {
            return body.HasBatch ? new BatchEmpty() : new BatchMissing();
        }

        MessageReading reading = new(new Envelope?[body.Count], new CollectReceipt[body.Count]);
        MessageContext shared = context with { SentAt = body.SentAt, HasUnreadableSentAt = body.HasUnreadableSentAt };
        for (int index = 0; index < body.Count; index++)
        {
            SentMessage message = body[index];
            Outcome<Envelope> outcome =
                index < messagesMax
                    ? reader.Read(
                        message,
                        shared with
                        {
                            Index = index,
                            ReceivedAt = shared.ReceivedAt.AddTicks(index),
                        }
                    )
                    : new BatchTooLong(messagesMax);
            if (outcome.Succeeded)
            {
                reading.Envelopes[index] = outcome.Value;
            }
            else
            {
                reading.Receipts[index] = new CollectReceipt
                {
                    MessageId = message.MessageId,
                    Refusal = outcome.Refusal,
                };
            }
        }

        return reading;
    }
}

/// <summary>A message that stands beyond the limit of its batch. The ones before it are taken.</summary>
public sealed record BatchTooLong(int MessagesMax)
    : MessageRefusal("batch_too_long", $"A batch may hold {MessagesMax} messages; this one stands beyond.");
