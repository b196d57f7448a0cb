using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Names;

namespace Customer360.Grains;

/// <summary>What a customer grain stores.</summary>
public sealed partial class CustomerState : IAudited, ICausing, IAudienceListed, INameListed
{
    public OwnerStatus Status { get; set; }

    /// <summary>Rises with every change of identity; with the number of folded messages it makes the profile's version.</summary>
    public long Revision { get; set; }

    /// <summary>Of a retired customer: where its state is.</summary>
    public string? MovedTo { get; set; }

    /// <inheritdoc cref="Ownership{T}.MovedSince"/>
    public long MovedSince { get; set; }

    /// <summary>Of a sealed customer: the merge to be finished.</summary>
    public MergeUnderWay? Merge { get; set; }

    /// <summary>
    /// The merges whose state it has taken in, in that order, also those of customers that it took in. A retired customer
    /// keeps it.
    /// </summary>
    public ImmutableArray<string> Absorbed { get; set; } = [];

    /// <summary>How it has answered younger customers of late; see <see cref="SettledMerge"/>.</summary>
    public ImmutableArray<SettledMerge> Settled { get; set; } = [];

    public ProfileMap Map { get; set; } = ProfileMap.Empty;

    /// <summary>Of a retired customer: the merge that retired it; null in states of before it was noted.</summary>
    public string? RetiredBy { get; set; }

    /// <summary>A split that this customer is getting its identifiers by.</summary>
    public SplitUnderWay? Split { get; set; }

    /// <summary>What it has given away and is not confirmed yet.</summary>
    public ImmutableArray<PendingRelease<ProfileMap>> Releases { get; set; } = [];

    /// <summary>What must not come together with its identifiers.</summary>
    public ImmutableArray<Separation> Separations { get; set; } = [];

    /// <summary>Of an erased customer: the request that has emptied it.</summary>
    public string? ErasedBy { get; set; }

    /// <summary>How many messages were folded in it then; kept for a request that asks again after a crash.</summary>
    public long ErasedMessages { get; set; }

    /// <summary>It is over its size: see <see cref="ProfileSize"/>.</summary>
    public bool IsOversized { get; set; }

    /// <summary>In which audiences it is, and what else is kept of them.</summary>
    public CustomerAudienceState Audiences { get; set; } = CustomerAudienceState.Empty;

    /// <summary>Its rows in the list of members, where the next write changes them. Not stored.</summary>
    public ImmutableArray<AudienceRow>? Members { get; set; }

    /// <summary>What the audit is told of with the next write, in the same transaction. Not stored.</summary>
    public ImmutableArray<AuditEntry> Audit { get; set; } = [];

    /// <summary>
    /// What has changed since the last write causes this, in order. Any write stores it with the change; one that is repeated changes
    /// nothing. Not stored.
    /// </summary>
    public ImmutableArray<OutboxRow> Outbox { get; set; } = [];

    /// <summary>Bytes of the stored form, when it was last read or written. Not stored.</summary>
    public long StoredBytes { get; set; }

    /// <summary>What merges and splits see of it.</summary>
    public Ownership<ProfileMap> OwnershipOf(string customerId) =>
        new(customerId, Map)
        {
            Status = Status,
            Revision = Revision,
            MovedTo = MovedTo,
            MovedSince = MovedSince,
            RetiredBy = RetiredBy,
            Merge = Merge,
            Split = Split,
            Absorbed = Absorbed,
            Settled = Settled,
            Releases = Releases,
            Separations = Separations,
        };

    /// <summary>Takes over what a merge or a split has made of it.</summary>
    public void Become(Ownership<ProfileMap> ownership)
    {
        Map = ownership.Held;
        Status = ownership.Status;
        Revision = ownership.Revision;
        MovedTo = ownership.MovedTo;
        MovedSince = ownership.MovedSince;
        RetiredBy = ownership.RetiredBy;
        Merge = ownership.Merge;
        Split = ownership.Split;
        Absorbed = ownership.Absorbed;
        Settled = ownership.Settled;
        Releases = ownership.Releases;
        Separations = ownership.Separations;
    }
}

/// <summary>
/// <c>{"status":"live|sealed|retired|erased","revision":n,"movedTo"?,"movedSince"?:n,"oversized"?:true,"merge"?:{…},"absorbed":[…],"audiences"?:{…},"names"?:n,"entries":[…],
/// "retiredBy"?,"split"?:{…},"releases"?:[…],"separations"?:[…],"settled"?:[…],"erasedBy"?,"erasedMessages"?:n}</c>
/// </summary>
public sealed class CustomerStateCodec : IStateCodec<CustomerState>
{
    public void Write(Utf8JsonWriter writer, CustomerState state)
    {
        long before = writer.BytesCommitted + writer.BytesPending;
        writer.WriteStartObject();
        writer.WriteString("status"u8, OwnerStatuses.NameOf(state.Status));
        writer.WriteNumber("revision"u8, state.Revision);
        writer.WriteIfAny("movedTo"u8, state.MovedTo);
        if (state.MovedSince > 0)
        {
            writer.WriteNumber("movedSince"u8, state.MovedSince);
        }

        if (state.IsOversized)
        {
            writer.WriteBoolean("oversized"u8, true);
        }

        if (state.ErasedBy is { } request)
        {
            writer.WriteString("erasedBy"u8, request);
            writer.WriteNumber("erasedMessages"u8, state.ErasedMessages);
        }

        if (state.Merge is { } merge)
        {
            writer.WritePropertyName("merge"u8);
            MergeStateJson.Write(writer, merge);
        }

        writer.WriteStartArray("absorbed"u8);
        foreach (string mergeId in state.Absorbed)
        {
            writer.WriteStringValue(mergeId);
        }

        writer.WriteEndArray();
        if (!state.Audiences.IsEmpty)
        {
            writer.WritePropertyName("audiences"u8);
            state.Audiences.WriteJson(writer);
        }

        if (!state.Words.IsEmpty)
        {
            writer.WriteNumber("names"u8, PersonNames.Version);
        }

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
                    state.Status = OwnerStatuses.StatusOf(reader.GetString());
                    break;
                case "revision":
                    state.Revision = reader.GetInt64();
                    break;
                case "movedTo":
                    state.MovedTo = reader.GetString();
                    break;
                case "movedSince":
                    state.MovedSince = reader.GetInt64();
                    break;
                case "merge":
                    state.Merge = MergeStateJson.Read(ref reader);
                    break;
                case "absorbed":
                    state.Absorbed = ReadAbsorbed(ref reader);
                    break;
                case "erasedBy":
                    state.ErasedBy = reader.GetString();
                    break;
                case "erasedMessages":
                    state.ErasedMessages = reader.GetInt64();
                    break;
                case "oversized":
                    state.IsOversized = reader.GetBoolean();
                    break;
                case "entries":
                    state.Map = ProfileMapJson.Read(ref reader);
                    break;
                case "audiences":
                    state.Audiences = CustomerAudienceState.ReadJson(ref reader);
                    break;
                case "names":
                    state.NamesBy = reader.GetInt32();
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
                case "settled":
                    state.Settled = SettledMergeJson.Read(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        state.StoredBytes = reader.BytesConsumed - before;
        state.HasRead();
        return state;
    }

    /// <summary>Most customers have none of it, so nothing is written for them.</summary>
    private static void WriteSplits(Utf8JsonWriter writer, CustomerState state)
    {
        writer.WriteIfAny("retiredBy"u8, state.RetiredBy);
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

        if (!state.Settled.IsEmpty)
        {
            writer.WritePropertyName("settled"u8);
            SettledMergeJson.Write(writer, state.Settled);
        }
    }

    /// <summary>The stored form by itself: what a younger customer hands over.</summary>
    internal static byte[] Encode(CustomerState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        new CustomerStateCodec().Write(writer, state);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a stored form.</summary>
    internal static CustomerState Decode(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return new CustomerStateCodec().Read(ref reader);
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
