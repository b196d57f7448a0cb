using System.Text;
using System.Text.Json;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Tests.Events;

namespace Customer360.Rules.Tests.Crm;

/// <summary>Says what a body came to in lines that tests can compare.</summary>
internal static class Readings
{
    /// <summary>The built-in rules know CRM records.</summary>
    private static readonly EnvelopeReader s_reader = new(IdentityRules.Default, Messages.Phones);

    /// <summary>A message that was received before it happened would be dated anew.</summary>
    private static readonly MessageContext s_context = Messages.Context with
    {
        ReceivedAt = new DateTimeOffset(2026, 11, 27, 9, 0, 1, TimeSpan.Zero),
    };

    /// <summary>A line a message, read request, erasure, skip or fault, in their order.</summary>
    public static string[] Of(Outcome<WebhookReading> outcome)
    {
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return [.. outcome.Value.Items.SelectMany(Of)];
    }

    /// <summary>The envelopes that the messages come to, by the reader of the collect API. All must be taken.</summary>
    public static Envelope[] Envelopes(Outcome<WebhookReading> outcome)
    {
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        using SentBody batch = SentBody.OfBatch(outcome.Value.ToBatch());
        var envelopes = new Envelope[batch.Count];
        for (int index = 0; index < batch.Count; index++)
        {
            Outcome<Envelope> read = s_reader.Read(batch[index], s_context with { Index = index });
            Assert.True(read.Succeeded, read.Refusal?.Message);
            envelopes[index] = read.Value;
        }

        return envelopes;
    }

    public static string Text(ReadOnlyMemory<byte> part) => Encoding.UTF8.GetString(part.Span);

    private static IEnumerable<string> Of(WebhookItem item) =>
        item switch
        {
            WebhookSkipped skipped => [$"skipped {skipped.Reason}"],
            WebhookFaulty faulty => [$"faulty {faulty.Reason} {faulty.Place}".TrimEnd()],
            WebhookTaken taken =>
            [
                .. taken.Messages.Select(Of),
                .. taken.Reads.Select(read => $"read {read.Object} {read.Id ?? "all"} {read.Reason}"),
                .. taken.Erasures.Select(call => $"erase {call.Person.Type}:{call.Person.Value}"),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(item)),
        };

    private static string Of(CrmMessage message)
    {
        string ids = string.Join(' ', message.Ids.Select(id => $"{id.Type}:{id.Value}"));
        string about = message.Event ?? message.GroupId ?? "";
        string fields = string.Join(
            ',',
            message.Fields.Select(field => $"{JsonSerializer.Serialize(field.Name)}:{Text(field.ValueJson)}")
        );
        return $"{EventKinds.Text(message.Kind)} [{ids}] {about} {{{fields}}}".Replace(
            "  ",
            " ",
            StringComparison.Ordinal
        );
    }
}
