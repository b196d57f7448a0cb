using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Audiences;

/// <summary>That a customer is in an audience.</summary>
/// <param name="Since">When it entered, UTC.</param>
/// <param name="Cause">What made it enter: see <see cref="AudienceTransition.Cause"/>.</param>
/// <param name="Hash">The definition by which it is in.</param>
public sealed record AudienceMembership(string Audience, DateTimeOffset Since, string Cause, string Hash)
{
    /// <summary>
    /// Whoever is sent who enters and leaves was told that the customer has entered: whoever is in the holdout is told of to nobody. Null:
    /// a release that did not note it has stored this, and it was as the holdout of now says.
    /// </summary>
    public bool? IsTold { get; init; }
}

/// <summary>In which audiences a customer is. Immutable.</summary>
/// <param name="PolicyVersion">The policy by which all were decided last; empty: none were.</param>
/// <param name="Members">By name (ordinal).</param>
/// <param name="DueAt">When the first of them may change by itself, UTC; null: none does.</param>
public sealed record AudienceStandings(
    string PolicyVersion,
    ImmutableArray<AudienceMembership> Members,
    DateTimeOffset? DueAt
)
{
    public static AudienceStandings Empty { get; } = new("", [], null);

    public bool IsEmpty => PolicyVersion.Length == 0 && Members.IsEmpty && DueAt is null;

    public AudienceMembership? Find(string audience) => Members.FirstOrDefault(one => one.Audience == audience);

    /// <summary>
    /// Of two that become one: in what either was, since the earlier time. Neither was decided for both together, so all have to be.
    /// </summary>
    public static AudienceStandings Join(AudienceStandings left, AudienceStandings right) =>
        new(
            "",
            [
                .. left
                    .Members.Concat(right.Members)
                    .GroupBy(one => one.Audience)
                    .Select(group =>
                        group.MinBy(one => one.Since)! with
                        {
                            // Whoever heard of one of the two has the customer on a list.
                            IsTold =
                                group.Any(one => one.IsTold == true) ? true
                                : group.Any(one => one.IsTold is null) ? null
                                : false,
                        }
                    )
                    .OrderBy(one => one.Audience, StringComparer.Ordinal),
            ],
            null
        );

    /// <summary><c>{"policy","members":[{"audience","since","cause","hash","told"?}],"dueAt"?}</c></summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("policy"u8, PolicyVersion);
        writer.WriteStartArray("members"u8);
        foreach (AudienceMembership member in Members)
        {
            writer.WriteStartObject();
            writer.WriteString("audience"u8, member.Audience);
            writer.WriteNumber("since"u8, member.Since.UtcTicks);
            writer.WriteString("cause"u8, member.Cause);
            writer.WriteString("hash"u8, member.Hash);
            if (member.IsTold is { } isTold)
            {
                writer.WriteBoolean("told"u8, isTold);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (DueAt is { } due)
        {
            writer.WriteNumber("dueAt"u8, due.UtcTicks);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteJson"/> wrote; the reader stands on the object's start.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static AudienceStandings ReadJson(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        try
        {
            return new AudienceStandings(
                root.GetProperty("policy"u8).GetString()!,
                [
                    .. root.GetProperty("members"u8)
                        .EnumerateArray()
                        .Select(member => new AudienceMembership(
                            member.GetProperty("audience"u8).GetString()!,
                            TimeOf(member.GetProperty("since"u8)),
                            member.GetProperty("cause"u8).GetString()!,
                            member.GetProperty("hash"u8).GetString()!
                        )
                        {
                            IsTold = member.TryGetProperty("told"u8, out JsonElement told) ? told.GetBoolean() : null,
                        }),
                ],
                root.TryGetProperty("dueAt"u8, out JsonElement due) ? TimeOf(due) : null
            );
        }
        catch (Exception error)
            when (error is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new JsonException("Not standings of audiences.", error);
        }
    }

    public bool Equals(AudienceStandings? other) =>
        other is not null
        && PolicyVersion == other.PolicyVersion
        && DueAt == other.DueAt
        && Members.AsSpan().SequenceEqual(other.Members.AsSpan());

    public override int GetHashCode() => HashCode.Combine(PolicyVersion, Members.Length, DueAt);

    private static DateTimeOffset TimeOf(JsonElement ticks) => new(ticks.GetInt64(), TimeSpan.Zero);
}
