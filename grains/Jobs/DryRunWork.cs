using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Grains;

/// <summary>
/// Says what proposed rules would change: see <see cref="ShadowReading"/>. Begun anew it begins at the log's start.
/// </summary>
internal sealed class DryRunWork(JobTools tools, IdentityRules rules, IdentityRules current) : IJobWork
{
    private const int LargestMax = 10;

    /// <summary>How far the job is when all is read.</summary>
    private const double ReadEnd = 95;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        var reading = new ShadowReading(tools, rules, pace, stop);
        if (!await reading.Read(percent => progress(percent * ReadEnd / 100)))
        {
            return new JobTooLarge("Customer360:Jobs:DryRunIdentifiersMax");
        }

        GraphDifference difference = reading.Comparison.Compare(tools.Options.AffectedMax, LargestMax);
        await pace.Rest();
        var messageIds = new Dictionary<LogPlace, string>();
        var affected = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(difference.Affected.Length);
        foreach (AffectedCustomer one in difference.Affected)
        {
            IReadOnlyList<FoundEdge> edges = await EdgesOf(one, reading, messageIds, pace, stop);
            affected.Add(Json(writer => Write(writer, one, edges)));
        }

        return new JobResult(Json(writer => Write(writer, difference, reading)), affected.MoveToImmutable());
    }

    private async Task<IReadOnlyList<FoundEdge>> EdgesOf(
        AffectedCustomer customer,
        ShadowReading reading,
        Dictionary<LogPlace, string> messageIds,
        JobPace pace,
        CancellationToken stop
    )
    {
        List<FoundEdge> edges = [];
        foreach (CausingEdge edge in customer.Edges)
        {
            edges.Add(new FoundEdge(await MessageId(edge.Place), edge.One, edge.Other, edge.Because));
        }

        bool isExplained = customer.Edges.Any(edge => edge.Because is not ("together" or "same_value"));
        if (customer.Change != CustomerChange.Merge && !isExplained)
        {
            edges.AddRange(await pace.Storage(GoneEdges.Find(tools, rules, reading, customer.CustomerId, stop)));
            await pace.Rest();
        }

        return edges;

        async Task<string?> MessageId(LogPlace? of)
        {
            if (of is not { } place)
            {
                return null;
            }

            if (!messageIds.TryGetValue(place, out string? id))
            {
                messageIds.Add(place, id = (await reading.MessageAt(place)).MessageId);
                await pace.Rest();
            }

            return id;
        }
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer, GraphDifference difference, ShadowReading reading)
    {
        writer.WriteStartObject("rules"u8);
        writer.WriteString("current"u8, current.Version);
        writer.WriteString("proposed"u8, rules.Version);
        writer.WriteEndObject();
        writer.WriteNumber("messages"u8, reading.Log.Count);
        writer.WriteNumber("messagesWithoutIdentifier"u8, reading.Log.WithoutIdentifier);
        writer.WriteNumber("identifiers"u8, reading.Shadow.IdentifierCount);
        writer.WriteNumber("identifiersGone"u8, difference.IdentifiersGone);
        writer.WriteNumber("identifiersLinked"u8, reading.Comparison.Unowned().Count());
        writer.WriteNumber("identifiersQuarantined"u8, reading.ToQuarantine.Count);
        writer.WriteNumber("identifiersReleased"u8, reading.ToRelease.Count);
        GraphCounts counts = difference.Customers;
        writer.WriteStartObject("customers"u8);
        writer.WriteNumber("now"u8, counts.Now);
        writer.WriteNumber("then"u8, counts.Then);
        writer.WriteNumber("stay"u8, counts.Stay);
        writer.WriteNumber("merge"u8, counts.Merge);
        writer.WriteNumber("split"u8, counts.Split);
        writer.WriteNumber("mergeAndSplit"u8, counts.MergeAndSplit);
        writer.WriteNumber("vanish"u8, counts.Vanish);
        writer.WriteEndObject();
        writer.WriteNumber("affected"u8, counts.Merge + counts.Split + counts.MergeAndSplit);
        writer.WriteNumber("affectedKept"u8, difference.Affected.Length);
        writer.WriteStartArray("largest"u8);
        foreach (ShadowCluster cluster in difference.Largest)
        {
            writer.WriteStartObject();
            writer.WriteString("customerId"u8, cluster.CustomerId);
            writer.WriteNumber("identifiers"u8, cluster.Identifiers);
            writer.WriteNumber("customersNow"u8, cluster.Customers);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, AffectedCustomer customer, IReadOnlyList<FoundEdge> edges)
    {
        writer.WriteString("customerId"u8, customer.CustomerId);
        writer.WriteString("change"u8, JsonNamingPolicy.CamelCase.ConvertName(customer.Change.ToString()));
        writer.WriteNumber("parts"u8, customer.Parts);
        writer.WriteStartArray("with"u8);
        foreach (string other in customer.With)
        {
            writer.WriteStringValue(other);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("edges"u8);
        foreach (FoundEdge edge in edges)
        {
            writer.WriteStartObject();
            writer.WriteString("messageId"u8, edge.MessageId);
            writer.WriteStartArray("identifiers"u8);
            writer.WriteStringValue(edge.One.ToString());
            writer.WriteStringValue(edge.Other.ToString());
            writer.WriteEndArray();
            writer.WriteString("because"u8, edge.Because);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
