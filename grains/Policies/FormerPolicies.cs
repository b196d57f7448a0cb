using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains;

/// <summary>A history of before policies had one form, with its files.</summary>
/// <param name="Release">How messages were read; null where it was not noted.</param>
/// <param name="FileVersion">Of the file that was last taken at a start; null where it was not noted.</param>
/// <param name="Entries">The oldest first; a version is empty where it was not noted.</param>
internal sealed record FormerPolicy(
    string? Release,
    string? FileVersion,
    ImmutableArray<(PolicyEntry Entry, string Text)> Entries
);

/// <summary>
/// Reads the rows in which identity rules and mastership were kept until 26 November 2026, each in a form of its own. They are
/// taken over when the policy's grain first comes up, and left as they are.
/// </summary>
internal static class FormerPolicies
{
    private const string Key = "current";

    /// <summary>Null where there is nothing to take over.</summary>
    /// <exception cref="InvalidDataException">The row is not of that form: nothing is taken over, and nobody is served.</exception>
    public static async Task<FormerPolicy?> Find(string kind, IGrainStateStore states)
    {
        (string Row, Func<JsonElement, FormerPolicy> Read)? form = kind switch
        {
            IdentityPolicyKind.KindName => ("identity_rules", ReadIdentity),
            MastershipPolicyKind.KindName => ("mastership", ReadMastership),
            _ => null,
        };
        if (form is not var (row, read) || await states.ReadAsync(row, Key, CancellationToken.None) is not { } stored)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(stored.Json);
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"The stored row '{row}' of an older release can't be read.", error);
        }
    }

    /// <summary><c>{"reading"?,"versions":[{"number","version","at","by","origin","anchorsSince"?,"reading"?,"yaml"}]}</c></summary>
    private static FormerPolicy ReadIdentity(JsonElement state)
    {
        var entries = ImmutableArray.CreateBuilder<(PolicyEntry, string)>();
        foreach (JsonElement one in state.GetProperty("versions"u8).EnumerateArray())
        {
            long number = one.GetProperty("number"u8).GetInt64();
            var entry = new PolicyEntry(
                number,
                one.GetProperty("version"u8).GetString()!,
                TextId: "",
                one.GetProperty("at"u8).GetDateTimeOffset(),
                one.GetProperty("by"u8).GetString()!,
                ActionOf(one.GetProperty("origin"u8).GetString()!),
                Replaces: ""
            )
            {
                // Written before this was looked at: it may have changed anchors, so it counts as if it had.
                Epoch = one.TryGetProperty("anchorsSince"u8, out JsonElement since) ? since.GetInt64() : number,
                Release = TextOf(one, "reading"u8) ?? "",
            };
            entries.Add((entry, one.GetProperty("yaml"u8).GetString()!));
        }

        return new FormerPolicy(TextOf(state, "reading"u8), FileVersion: null, entries.DrainToImmutable());
    }

    /// <summary><c>{"fileVersion"?,"revisions":[{"revision","action","by","at","rollbackTo"?,"policy":{…},"yaml"}]}</c></summary>
    private static FormerPolicy ReadMastership(JsonElement state) =>
        new(
            Release: null,
            TextOf(state, "fileVersion"u8),
            [
                .. state
                    .GetProperty("revisions"u8)
                    .EnumerateArray()
                    .Select(one =>
                        (
                            new PolicyEntry(
                                one.GetProperty("revision"u8).GetInt64(),
                                Version: "",
                                TextId: "",
                                one.GetProperty("at"u8).GetDateTimeOffset(),
                                one.GetProperty("by"u8).GetString()!,
                                ActionOf(one.GetProperty("action"u8).GetString()!),
                                Replaces: ""
                            )
                            {
                                RollBackTo = one.TryGetProperty("rollbackTo"u8, out JsonElement to)
                                    ? to.GetInt64()
                                    : null,
                            },
                            one.GetProperty("yaml"u8).GetString()!
                        )
                    ),
            ]
        );

    private static PolicyAction ActionOf(string word) =>
        word switch
        {
            "Put" or "put" => PolicyAction.Put,
            "File" or "file" => PolicyAction.File,
            "Rollback" or "rollback" => PolicyAction.RollBack,
            "CutOver" => PolicyAction.CutOver,
            "CutOverRollback" => PolicyAction.CutOverRollBack,
            "Release" => PolicyAction.Release,
            "BuiltIn" => PolicyAction.BuiltIn,
            _ => throw new JsonException("An entry has an unknown origin."),
        };

    private static string? TextOf(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
