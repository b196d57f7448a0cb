using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Consent;

/// <summary>Counts customers by what they say to each purpose, and by their region. It knows nobody: numbers are all that it keeps.</summary>
/// <param name="policy">The purposes.</param>
/// <param name="regions">The regions; null: there are none.</param>
/// <param name="now">Grants end.</param>
public sealed class ConsentCoverage(ConsentPolicy policy, Regions? regions, DateTimeOffset now)
{
    /// <summary>Where there are no regions.</summary>
    private const string NoRegion = "";

    /// <summary>Of somebody with identifiers of more than one region.</summary>
    private const string SeveralRegions = "*";

    private readonly SortedDictionary<(string Purpose, string Region), Counts> _counts = [];
    private long _customers;
    private long _restricted;

    public void Add(ProfileMap customer)
    {
        ConsentView view = ConsentJoin.View(customer).AsOf(now);
        string region = RegionOf(customer);
        _customers++;
        _restricted += view.IsRestricted ? 1 : 0;
        foreach (ConsentPurpose purpose in policy.Purposes)
        {
            if (!_counts.TryGetValue((purpose.Name, region), out Counts counts))
            {
                counts = default;
            }

            // Of several regions the strictest choice counts, as where nobody knows the region.
            bool isAllowed = ConsentCheck
                .MaySend(
                    purpose.Name,
                    view,
                    region.Length == 0 || region == SeveralRegions ? null : region,
                    policy,
                    now
                )
                .Is;
            _counts[(purpose.Name, region)] = counts.With(view.Of(purpose.Name), isAllowed);
        }
    }

    /// <summary>
    /// <c>{"customers","restricted","purposes":[{"purpose","region","granted","denied","unknown","allowed"}]}</c>; <c>region</c> is null where there
    /// are no regions, and <c>*</c> of people in several.
    /// </summary>
    public ReadOnlyMemory<byte> Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteNumber("customers"u8, _customers);
        writer.WriteNumber("restricted"u8, _restricted);
        writer.WriteStartArray("purposes"u8);
        foreach (((string purpose, string region), Counts counts) in _counts)
        {
            writer.WriteStartObject();
            writer.WriteString("purpose"u8, purpose);
            writer.WriteString("region"u8, region.Length == 0 ? null : region);
            writer.WriteNumber("granted"u8, counts.Granted);
            writer.WriteNumber("denied"u8, counts.Denied);
            writer.WriteNumber("unknown"u8, counts.Unknown);
            writer.WriteNumber("allowed"u8, counts.Allowed);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private string RegionOf(ProfileMap customer)
    {
        if (regions is null)
        {
            return NoRegion;
        }

        string? region = null;
        foreach (ProfileEntry entry in customer.Entries)
        {
            string its = RegionalType.Region(entry.Identifier.Type) ?? regions.Default;
            if (region is not null && region != its)
            {
                return SeveralRegions;
            }

            region = its;
        }

        return region ?? regions.Default;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Counts(long Granted, long Denied, long Unknown, long Allowed)
    {
        public Counts With(ConsentStatus status, bool isAllowed) =>
            new(
                Granted + (status == ConsentStatus.Granted ? 1 : 0),
                Denied + (status == ConsentStatus.Denied ? 1 : 0),
                Unknown + (status == ConsentStatus.Unknown ? 1 : 0),
                Allowed + (isAllowed ? 1 : 0)
            );
    }
}
