using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>Where a customer stands. The names are stored.</summary>
public enum CustomerStatus
{
    /// <summary>It owns identifiers and takes messages (or nothing has created it yet).</summary>
    Live = 0,

    /// <summary>It is giving its state to an older customer and answers nobody until that is done.</summary>
    Sealed = 1,

    /// <summary>Its state is elsewhere; it answers with the forwarding address, for ever.</summary>
    Retired = 2,
}

/// <summary>A merge under way, as its younger customer keeps it.</summary>
/// <param name="RuleVersion">The rules by which it was decided; empty in states of before it was noted.</param>
/// <param name="Identifiers">Those of the message that vouch for it; none in states of before they were noted.</param>
public sealed record MergeUnderWay(
    string Into,
    string MergeId,
    string MessageId,
    string Source,
    DateTimeOffset At,
    string RuleVersion,
    ImmutableArray<Identifier> Identifiers
)
{
    /// <summary>The job that asked for it; null: a message did.</summary>
    public string? JobId { get; init; }
}

/// <summary>What a customer grain stores.</summary>
public sealed class CustomerState
{
    public CustomerStatus Status { get; set; }

    /// <summary>Rises with every change of identity; with the number of folded messages it makes the profile's version.</summary>
    public long Revision { get; set; }

    /// <summary>Of a retired customer: where its state is.</summary>
    public string? MovedTo { get; set; }

    /// <summary>Of a sealed customer: the merge to be finished.</summary>
    public MergeUnderWay? Merge { get; set; }

    /// <summary>
    /// The merges whose state it has taken in, in that order, also those of customers that it took in. A retired customer
    /// keeps it.
    /// </summary>
    public ImmutableArray<string> Absorbed { get; set; } = [];

    public ProfileMap Map { get; set; } = ProfileMap.Empty;

    /// <summary>Of a retired customer: the merge that retired it; null in states of before it was noted.</summary>
    public string? RetiredBy { get; set; }

    /// <summary>A split that this customer is getting its identifiers by.</summary>
    public SplitUnderWay? Split { get; set; }

    /// <summary>What it has given away and is not confirmed yet.</summary>
    public ImmutableArray<PendingRelease> Releases { get; set; } = [];

    /// <summary>What must not come together with its identifiers.</summary>
    public ImmutableArray<Separation> Separations { get; set; } = [];

    /// <summary>It is over its size: see <see cref="ProfileSize"/>.</summary>
    public bool IsOversized { get; set; }

    /// <summary>Bytes of the stored form, when it was last read or written. Not stored.</summary>
    public long StoredBytes { get; set; }
}

/// <summary>
/// <c>{"status":"live|sealed|retired","revision":n,"movedTo"?,"oversized"?:true,"merge"?:{…},"absorbed":[…],"entries":[…],
/// "retiredBy"?,"split"?:{…},"releases"?:[…],"separations"?:[…]}</c>
/// </summary>
public sealed class CustomerStateCodec : IStateCodec<CustomerState>
{
    public void Write(Utf8JsonWriter writer, CustomerState state)
    {
        long before = writer.BytesCommitted + writer.BytesPending;
        writer.WriteStartObject();
        writer.WriteString("status"u8, NameOf(state.Status));
        writer.WriteNumber("revision"u8, state.Revision);
        if (state.MovedTo is { } movedTo)
        {
            writer.WriteString("movedTo"u8, movedTo);
        }

        if (state.IsOversized)
        {
            writer.WriteBoolean("oversized"u8, true);
        }

        if (state.Merge is { } merge)
        {
            writer.WriteStartObject("merge"u8);
            writer.WriteString("into"u8, merge.Into);
            writer.WriteString("mergeId"u8, merge.MergeId);
            writer.WriteString("messageId"u8, merge.MessageId);
            writer.WriteString("source"u8, merge.Source);
            writer.WriteString("at"u8, merge.At);
            writer.WriteString("ruleVersion"u8, merge.RuleVersion);
            CustomerDecisions.WriteIdentifiers(writer, merge.Identifiers);
            if (merge.JobId is { } jobId)
            {
                writer.WriteString("jobId"u8, jobId);
            }

            writer.WriteEndObject();
        }

        writer.WriteStartArray("absorbed"u8);
        foreach (string mergeId in state.Absorbed)
        {
            writer.WriteStringValue(mergeId);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("entries"u8);
        ProfileMapJson.Write(writer, state.Map);
        WriteSplits(writer, state);
        writer.WriteEndObject();
        state.StoredBytes = writer.BytesCommitted + writer.BytesPending - before;
    }

    public CustomerState Read(ref Utf8JsonReader reader)
    {
        var state = new CustomerState();
        long before = reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "status":
                    state.Status = StatusOf(reader.GetString());
                    break;
                case "revision":
                    state.Revision = reader.GetInt64();
                    break;
                case "movedTo":
                    state.MovedTo = reader.GetString();
                    break;
                case "merge":
                    state.Merge = ReadMerge(ref reader);
                    break;
                case "absorbed":
                    state.Absorbed = ReadAbsorbed(ref reader);
                    break;
                case "oversized":
                    state.IsOversized = reader.GetBoolean();
                    break;
                case "entries":
                    state.Map = ProfileMapJson.Read(ref reader);
                    break;
                case "retiredBy":
                    state.RetiredBy = reader.GetString();
                    break;
                case "split":
                    state.Split = SplitStateJson.ReadSplit(ref reader);
                    break;
                case "releases":
                    state.Releases = SplitStateJson.ReadReleases(ref reader);
                    break;
                case "separations":
                    state.Separations = SplitStateJson.ReadSeparations(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        state.StoredBytes = reader.BytesConsumed - before;
        return state;
    }

    /// <summary>Most customers have none of it, so nothing is written for them.</summary>
    private static void WriteSplits(Utf8JsonWriter writer, CustomerState state)
    {
        if (state.RetiredBy is { } retiredBy)
        {
            writer.WriteString("retiredBy"u8, retiredBy);
        }

        if (state.Split is { } split)
        {
            writer.WritePropertyName("split"u8);
            SplitStateJson.Write(writer, split);
        }

        if (!state.Releases.IsEmpty)
        {
            writer.WritePropertyName("releases"u8);
            SplitStateJson.Write(writer, state.Releases);
        }

        if (!state.Separations.IsEmpty)
        {
            writer.WritePropertyName("separations"u8);
            SplitStateJson.Write(writer, state.Separations);
        }
    }

    private static string NameOf(CustomerStatus status) =>
        status switch
        {
            CustomerStatus.Live => "live",
            CustomerStatus.Sealed => "sealed",
            _ => "retired",
        };

    private static CustomerStatus StatusOf(string? name) =>
        name switch
        {
            "live" => CustomerStatus.Live,
            "sealed" => CustomerStatus.Sealed,
            "retired" => CustomerStatus.Retired,
            _ => throw new JsonException("A customer's status is live, sealed or retired."),
        };

    private static MergeUnderWay ReadMerge(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement merge = document.RootElement;
        return new MergeUnderWay(
            merge.GetProperty("into"u8).GetString()!,
            merge.GetProperty("mergeId"u8).GetString()!,
            merge.GetProperty("messageId"u8).GetString()!,
            merge.GetProperty("source"u8).GetString()!,
            merge.GetProperty("at"u8).GetDateTimeOffset(),
            merge.TryGetProperty("ruleVersion"u8, out JsonElement version) ? version.GetString()! : "",
            merge.TryGetProperty("identifiers"u8, out JsonElement identifiers)
                ? [.. identifiers.EnumerateArray().Select(one => Identifier.Parse(one.GetString()!))]
                : []
        )
        {
            JobId = merge.TryGetProperty("jobId"u8, out JsonElement jobId) ? jobId.GetString() : null,
        };
    }

    private static ImmutableArray<string> ReadAbsorbed(ref Utf8JsonReader reader)
    {
        var absorbed = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            absorbed.Add(reader.GetString()!);
        }

        return absorbed.ToImmutable();
    }
}
