using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Api.Policies;

/// <summary>What somebody wants tried out on the last days: <c>{"policy":"the text of a file","days"?:30}</c>.</summary>
/// <param name="Text">A valid file of its kind.</param>
/// <param name="Days">1 to 365.</param>
internal sealed record TriedPolicy(string Text, int Days)
{
    public const int DaysMax = 365;
    public const int DaysDefault = 30;

    private const int BytesMax = 4 * 1024 * 1024;

    private static readonly string[] s_members = ["policy", "days"];

    /// <summary>Reads it from a request; refuses what is no such object, and a file with faults.</summary>
    public static async Task<Outcome<TriedPolicy>> ReadAsync<T>(
        HttpRequest request,
        PolicyKind<T> kind,
        IConfigFormat format
    )
        where T : class
    {
        Outcome<TriedPolicy> asked = await JsonBody.ReadAsync(request, BytesMax, Read);
        return asked.Succeeded && kind.ReadFile(asked.Value.Text, format) is { IsValid: false } reading
            ? new PolicyInvalid(reading.Faults)
            : asked;
    }

    /// <summary>The member <c>days</c> of a body; refuses a number that is none.</summary>
    public static Outcome<int> DaysOf(JsonElement root)
    {
        int days = DaysDefault;
        return
            root.TryGetProperty("days"u8, out JsonElement number)
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out days) || days is < 1 or > DaysMax)
            ? new BodyNotJson("its member days must be a whole number from 1 to 365")
            : days;
    }

    private static Outcome<TriedPolicy> Read(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Any(member => !s_members.Contains(member.Name, StringComparer.Ordinal))
            || !root.TryGetProperty("policy"u8, out JsonElement policy)
            || policy.ValueKind != JsonValueKind.String
        )
        {
            return new BodyNotJson("an object with policy, the text of a file, and days");
        }

        Outcome<int> days = DaysOf(root);
        return days.Succeeded ? new TriedPolicy(policy.GetString()!, days.Value) : days.Refusal;
    }
}

/// <summary>The shape of a body that has a policy tried out.</summary>
/// <param name="Policy">The text of a file.</param>
/// <param name="Days">1 to 365; null: 30.</param>
public sealed record TriedPolicyBody(string Policy, int? Days);
