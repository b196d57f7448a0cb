using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Rules.Keys;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Keys;

/// <summary>What a key is asked to be. A member that there is not is refused, since a limit that is misspelt would not hold.</summary>
internal sealed record KeysBody(string Name, ImmutableArray<string> Roles)
{
    private static readonly ImmutableArray<string> s_members =
    [
        "name",
        "roles",
        "sources",
        "trust",
        "purposes",
        "origins",
        "addresses",
        "expiresAt",
        "requestsPerMinute",
        "requestsPerDay",
    ];

    public string Source { get; init; } = "";

    public bool? IsPublic { get; init; }

    public ImmutableArray<string> Purposes { get; init; } = [];

    public ImmutableArray<string> Origins { get; init; } = [];

    public ImmutableArray<string> Addresses { get; init; } = [];

    public DateTimeOffset? ExpiresAt { get; init; }

    public int? RequestsPerMinute { get; init; }

    public int? RequestsPerDay { get; init; }

    public static Outcome<KeysBody> Read(JsonElement body, DateTimeOffset now)
    {
        var reader = new MemberReader(body, s_members);
        string name = reader.Text("name") ?? "";
        ImmutableArray<string> sources = reader.List("sources", KeyWords.NameProblem);
        string? trust = reader.Text("trust");
        var read = new KeysBody(name, reader.List("roles", KeyWords.RoleProblem))
        {
            Source = sources.IsEmpty ? "" : sources[0],
            IsPublic = trust is null ? null : trust == "public",
            Purposes = reader.List("purposes", KeyWords.PurposeProblem),
            Origins = reader.List("origins", KeyWords.OriginProblem),
            Addresses = reader.List("addresses", KeyWords.AddressProblem),
            ExpiresAt = reader.Time("expiresAt"),
            RequestsPerMinute = reader.Count("requestsPerMinute"),
            RequestsPerDay = reader.Count("requestsPerDay"),
        };
        reader.Require("name", KeyWords.NameProblem(name));
        reader.Require("roles", read.Roles.IsEmpty ? "a key has one role at least" : null);
        reader.Require("sources", sources.Length > 1 ? "a message has one source, so a key has one" : null);
        reader.Require("trust", trust is null or "public" or "server" ? null : "it must be public or server");
        reader.Require(
            "purposes",
            read.Roles.Contains("admin", StringComparer.Ordinal) && !read.Purposes.IsEmpty
                ? "a key with the role admin is for every purpose"
                : null
        );
        reader.Require("expiresAt", read.ExpiresAt <= now ? "it must lie ahead" : null);
        return reader.Refusal is { } refusal ? refusal : read;
    }

    /// <summary>How long the secret of now lives on, in seconds; a day where the body does not say.</summary>
    public static Outcome<TimeSpan> ReadOverlap(JsonElement body)
    {
        var reader = new MemberReader(body, ["overlapSeconds"]);
        int seconds = reader.Count("overlapSeconds") ?? (int)TimeSpan.FromDays(1).TotalSeconds;
        reader.Require(
            "overlapSeconds",
            seconds > KeyRing.OverlapMax.TotalSeconds ? $"it must be 0 to {KeyRing.OverlapMax.TotalSeconds:0}" : null
        );
        return reader.Refusal is { } refusal ? refusal : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Reads members, and keeps the first fault.</summary>
    private sealed class MemberReader
    {
        private readonly JsonElement _body;

        public MemberReader(JsonElement body, ImmutableArray<string> known)
        {
            _body = body;
            if (body.ValueKind != JsonValueKind.Object)
            {
                Refusal = new BodyNotJson("it must be an object");
                return;
            }

            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (JsonProperty member in body.EnumerateObject())
            {
                // The member's name is the caller's text, so it is not told again.
                if (!known.Contains(member.Name))
                {
                    Refusal = new BodyNotJson($"its members are {string.Join(", ", known)}, and it has another");
                    return;
                }

                if (!seen.Add(member.Name))
                {
                    Refusal = new BodyNotJson($"the member {member.Name} stands in it twice");
                    return;
                }
            }
        }

        public Refusal? Refusal { get; private set; }

        public void Require(string name, string? problem)
        {
            if (problem is not null)
            {
                Refusal ??= new ParameterInvalid(name, problem);
            }
        }

        public string? Text(string name)
        {
            JsonElement? member = Find(name);
            Require(name, member is null or { ValueKind: JsonValueKind.String } ? null : "it must be a text");
            return member is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }

        public ImmutableArray<string> List(string name, Func<string, string?> problem)
        {
            if (Find(name) is not { } member)
            {
                return [];
            }

            if (
                member.ValueKind != JsonValueKind.Array
                || member.GetArrayLength() > KeyWords.ListMax
                || member.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String)
            )
            {
                Require(name, $"it must be a list of {KeyWords.ListMax} texts at most");
                return [];
            }

            ImmutableArray<string> list =
            [
                .. member.EnumerateArray().Select(one => one.GetString()!).Distinct(StringComparer.Ordinal),
            ];
            Require(name, list.Select(problem).FirstOrDefault(one => one is not null));
            return list;
        }

        public DateTimeOffset? Time(string name)
        {
            DateTimeOffset time = default;
            JsonElement? member = Find(name);
            bool isTime =
                member is { ValueKind: JsonValueKind.String } text
                && text.TryGetDateTimeOffset(out time)
                && text.GetString()!.Contains('T', StringComparison.Ordinal);
            Require(
                name,
                member is null || isTime ? null : "it must be a time of RFC 3339, for example 2026-11-22T10:00:00Z"
            );
            return isTime ? time.ToUniversalTime() : null;
        }

        public int? Count(string name)
        {
            int count = 0;
            JsonElement? member = Find(name);
            bool isCount =
                member is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out count) && count >= 0;
            Require(name, member is null || isCount ? null : "it must be a whole number from 0 on");
            return isCount ? count : null;
        }

        /// <summary>The member; null where it is missing or null.</summary>
        private JsonElement? Find(string name) =>
            _body.ValueKind == JsonValueKind.Object
            && _body.TryGetProperty(name, out JsonElement member)
            && member.ValueKind != JsonValueKind.Null
                ? member
                : null;
    }
}
