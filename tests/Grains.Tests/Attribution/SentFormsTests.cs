using System.Collections.Immutable;
using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Phones;
using Customer360.Rules.Attribution;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Options;

namespace Customer360.Grains.Tests.Attribution;

/// <summary>Forms of a period are found in the log without reading what came before.</summary>
public sealed class SentFormsTests
{
    private const int MessagesOfADay = 400;

    private static readonly DateTimeOffset s_first = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LibPhoneNumbers s_phones = new();

    private int _read;

    /// <summary>Thirty days of messages, every tenth is a form; positions have gaps, where repeats were left out.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(12, 13)]
    [InlineData(12, 19)]
    [InlineData(29, 40)]
    [InlineData(50, 60)]
    public async Task Forms_OfSomeDays_AreThoseOfTheseDays_AndLittleElseIsRead(int from, int to)
    {
        ImmutableArray<LogRow> rows =
        [
            .. Enumerable
                .Range(0, 30 * MessagesOfADay)
                .Select(number => Row((number * 3) + 7, TimeOf(number), number % 10 == 0)),
        ];
        var forms = new SentForms(LogOf(rows), Options.Create(new GridOptions { Partitions = 1 }));

        List<SentForm> found = [];
        await foreach (
            SentForm? form in forms.Read(
                s_first.AddDays(from),
                s_first.AddDays(to),
                new AttributionPolicy([], "v").Forms,
                CancellationToken.None
            )
        )
        {
            if (form is { } sent)
            {
                found.Add(sent);
            }
        }

        int days = Math.Max(0, Math.Min(to, 30) - from);
        Assert.Equal(days * MessagesOfADay / 10, found.Count);
        Assert.All(found, form => Assert.InRange(form.ReceivedAt, s_first.AddDays(from), s_first.AddDays(to)));
        Assert.InRange(_read, 0, ((days + 1) * MessagesOfADay) + 2_100);
    }

    private static DateTimeOffset TimeOf(int number) => s_first + (TimeSpan.FromDays(1) * number / MessagesOfADay);

    private IEventLog LogOf(ImmutableArray<LogRow> rows) =>
        Fake<IEventLog>.Of(
            (method, arguments) =>
            {
                Assert.Equal(nameof(IEventLog.ReadPartitionAsync), method.Name);
                long after = (long)arguments[1]!;
                ImmutableArray<LogRow> page = [.. rows.Where(row => row.Position > after).Take((int)arguments[2]!)];
                _read += page.Length;
                return Task.FromResult(page);
            }
        );

    private static LogRow Row(long position, DateTimeOffset at, bool isForm)
    {
        byte[] message = Encoding.UTF8.GetBytes(
            Messages.Track($"m{position}", null, "a-1", isForm ? "Form Submitted" : "Clicked").ToJsonString()
        );
        using SentBody body = SentBody.OfMessage(message);
        Envelope envelope = new EnvelopeReader(IdentityRules.Default, s_phones)
            .Read(body[0], new MessageContext("web", at, null, null, "r", 0))
            .Value!;
        return new LogRow(
            0,
            position,
            envelope.MessageId,
            envelope.Anchor.ToString(),
            envelope.Timestamp,
            envelope.Json
        );
    }
}
