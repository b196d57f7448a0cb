using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the quarantine promises.</summary>
public abstract class QuarantineTests(TestDatabase database)
{
    private IQuarantine Quarantine => database.Storage.Quarantine;

    [DatabaseFact]
    public async Task List_WhenPaged_GivesEachOnceInOrder()
    {
        QuarantinedMessage[] messages =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(number => new QuarantinedMessage(7 - (number % 2), 1 + number, "too-big", Noon)),
        ];
        foreach (QuarantinedMessage message in messages)
        {
            await Quarantine.AddAsync(message, CancellationToken.None);
        }

        await Quarantine.AddAsync(messages[0] with { Reason = "second" }, CancellationToken.None);
        List<QuarantinedMessage> listed = [];
        ImmutableArray<QuarantinedMessage> page;
        QuarantineCursor? after = null;
        do
        {
            page = await Quarantine.ListAsync(after, 4, CancellationToken.None);
            listed.AddRange(page);
            after = new QuarantineCursor(page[^1].Partition, page[^1].Position);
        } while (page.Length == 4);

        Assert.Equal(messages.OrderBy(message => message.Partition).ThenBy(message => message.Position), listed);
        Assert.True(await Quarantine.RemoveAsync(7, 1, CancellationToken.None));
        Assert.False(await Quarantine.RemoveAsync(7, 1, CancellationToken.None));
        Assert.Equal(9, (await Quarantine.ListAsync(null, 100, CancellationToken.None)).Length);
    }
}
