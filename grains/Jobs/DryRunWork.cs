using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Decides the log anew under proposed rules and compares the outcome with who owns what now. Reads only. Begun anew it
/// begins at the log's start: a graph of a million identifiers is made again sooner than it could be kept.
/// </summary>
/// <remarks>
/// While traffic goes on the two sides are not of the same moment: what comes in while the job runs may show as a difference
/// or not. An identifier that the log did not have yet is left out.
/// </remarks>
internal sealed class DryRunWork(JobTools tools, IdentityRules rules, IdentityRules current) : IJobWork
{
    private const int LargestMax = 10;
    private const int CustomersPage = 500;
    private const int IdentifiersPage = 1_000;

    // How far the job is when a part of it ends, by what each took of the whole when it was measured.
    private const double SeparationsEnd = 10;
    private const double LogEnd = 70;
    private const double ScanEnd = 95;

    private static readonly IdentifierStateCodec s_identifiers = new();
    private static readonly CustomerStateCodec s_customers = new();
    private readonly EnvelopeReader _reader = new(rules);

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        ImmutableArray<long> heads = await Heads(stop);
        var shadow = new ShadowGraph(rules, await FindSeparations(pace, stop));
        await progress(SeparationsEnd);
        var log = new LoggedMessages(tools, rules, shadow, heads, pace, stop);
        bool isWhole = await log.ReadAll(
            tools.Options.DryRunIdentifiersMax,
            () => progress(SeparationsEnd + ((LogEnd - SeparationsEnd) * log.Count / Math.Max(1, log.Total)))
        );
        if (!isWhole)
        {
            return new JobTooLarge("Customer360:Jobs:DryRunIdentifiersMax");
        }

        var comparison = new GraphComparison(shadow);
        await AddLive(comparison, shadow.IdentifierCount, pace, progress, stop);
        GraphDifference difference = comparison.Compare(tools.Options.AffectedMax, LargestMax);
        await pace.Rest();
        var messageIds = await MessageIds(difference.Affected, pace, stop);
        return new JobResult(
            Json(writer => Write(writer, difference, log, shadow)),
            [.. difference.Affected.Select(one => (ReadOnlyMemory<byte>)Json(writer => Write(writer, one, messageIds)))]
        );
    }

    /// <summary>Where each partition ends now; what comes later is not looked at.</summary>
    private async Task<ImmutableArray<long>> Heads(CancellationToken stop)
    {
        IntakeStatus[] partitions = await Task.WhenAll(
            Enumerable
                .Range(0, tools.Grid.Partitions)
                .Select(partition => tools.Grains.GetGrain<IIntakeGrain>(partition).Start())
        );
        stop.ThrowIfCancellationRequested();
        return [.. partitions.Select(status => status.AppliedPosition)];
    }

    /// <summary>The separations that customers keep. Few have any, so a state is only read where the word is in it.</summary>
    private async Task<List<Separation>> FindSeparations(JobPace pace, CancellationToken stop)
    {
        var found = new Dictionary<string, Separation>(StringComparer.Ordinal);
        await foreach (ScannedState state in Scan(GrainKeys.CustomerState, CustomersPage, pace, stop))
        {
            if (state.Json.Span.IndexOf("\"separations\""u8) >= 0)
            {
                foreach (Separation separation in Read(state, s_customers).Separations)
                {
                    found[separation.Id] = separation with
                    {
                        One = Normalize(separation.One),
                        Other = Normalize(separation.Other),
                    };
                }
            }
        }

        return [.. found.Values];
    }

    private async Task AddLive(
        GraphComparison comparison,
        int expected,
        JobPace pace,
        JobProgress progress,
        CancellationToken stop
    )
    {
        int count = 0;
        await foreach (ScannedState state in Scan(GrainKeys.IdentifierState, IdentifiersPage, pace, stop))
        {
            if (Read(state, s_identifiers).Owner is { } owner)
            {
                comparison.AddLive(Normalize(Identifier.Parse(state.Key)), owner);
            }

            if (++count % IdentifiersPage == 0)
            {
                double part = Math.Min(1, (double)count / Math.Max(1, expected));
                await progress(LogEnd + ((ScanEnd - LogEnd) * part));
            }
        }
    }

    private async IAsyncEnumerable<ScannedState> Scan(
        string kind,
        int page,
        JobPace pace,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        string after = "";
        ImmutableArray<ScannedState> states;
        do
        {
            states = await pace.Storage(tools.Scan.ReadPageAsync(kind, after, page, stop));
            foreach (ScannedState state in states)
            {
                yield return state;
                after = state.Key;
            }

            await pace.Rest();
        } while (states.Length == page);
    }

    private async Task<Dictionary<LogPlace, string>> MessageIds(
        ImmutableArray<AffectedCustomer> affected,
        JobPace pace,
        CancellationToken stop
    )
    {
        var ids = new Dictionary<LogPlace, string>();
        foreach (LogPlace place in affected.SelectMany(one => one.Edges).Select(edge => edge.Place).OfType<LogPlace>())
        {
            if (!ids.ContainsKey(place))
            {
                ImmutableArray<LogRow> rows = await pace.Storage(
                    tools.Log.ReadPartitionAsync(place.Partition, place.Position - 1, 1, stop)
                );
                ids.Add(place, rows[0].MessageId);
                await pace.Rest();
            }
        }

        return ids;
    }

    private ImmutableArray<Identifier> Normalize(ImmutableArray<Identifier> identifiers) =>
        [.. identifiers.Select(Normalize).OfType<Identifier>()];

    private Identifier? Normalize(Identifier identifier) => _reader.Normalize(identifier.Type, identifier.Value);

    private static T Read<T>(ScannedState state, IStateCodec<T> codec)
    {
        var reader = new Utf8JsonReader(state.Json.Span);
        reader.Read();
        return codec.Read(ref reader);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer, GraphDifference difference, LoggedMessages log, ShadowGraph shadow)
    {
        writer.WriteStartObject("rules"u8);
        writer.WriteString("current"u8, current.Version);
        writer.WriteString("proposed"u8, rules.Version);
        writer.WriteEndObject();
        writer.WriteNumber("messages"u8, log.Count);
        writer.WriteNumber("messagesWithoutIdentifier"u8, log.WithoutIdentifier);
        writer.WriteNumber("identifiers"u8, shadow.IdentifierCount);
        writer.WriteNumber("identifiersGone"u8, difference.IdentifiersGone);
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

    private static void Write(Utf8JsonWriter writer, AffectedCustomer customer, Dictionary<LogPlace, string> messageIds)
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
        foreach (CausingEdge edge in customer.Edges)
        {
            writer.WriteStartObject();
            writer.WriteString("messageId"u8, edge.Place is { } place ? messageIds[place] : null);
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
