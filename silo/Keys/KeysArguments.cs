using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Keys;

namespace Customer360.Silo.Keys;

internal enum KeysVerb
{
    List,
    Add,
    Revoke,
}

/// <summary>What <c>customer360 keys</c> was called with.</summary>
internal sealed record KeysArguments(KeysVerb Verb)
{
    public string KeyName { get; init; } = "";

    public ImmutableArray<string> Roles { get; init; } = [];

    public ImmutableArray<string> Purposes { get; init; } = [];

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The list is to be an object.</summary>
    public bool IsJson { get; init; }

    /// <summary>Null where the words are none of the command's.</summary>
    public static KeysArguments? Read(string[] args) =>
        args switch
        {
            ["list"] => new KeysArguments(KeysVerb.List),
            ["list", "--json"] => new KeysArguments(KeysVerb.List) { IsJson = true },
            ["revoke", var name] => new KeysArguments(KeysVerb.Revoke) { KeyName = name },
            ["add", var name, .. var rest] => ReadAdd(name, rest),
            _ => null,
        };

    /// <summary>What is wrong with a value, in a sentence; null where nothing is.</summary>
    public string? Problem(DateTimeOffset now)
    {
        if (Verb != KeysVerb.Add)
        {
            return null;
        }

        return KeyWords.NameProblem(KeyName) is { } name ? $"The name can't be used: {name}."
            : Roles.IsEmpty ? "The key has no role: add --role collect, --role read or --role admin."
            : Roles.Select(KeyWords.RoleProblem).FirstOrDefault(one => one is not null) is { } role
                ? $"A role can't be used: {role}."
            : Purposes.Select(KeyWords.PurposeProblem).FirstOrDefault(one => one is not null) is { } purpose
                ? $"A purpose can't be used: {purpose}."
            : ExpiresAt <= now ? "The expiry must lie ahead."
            : null;
    }

    private static KeysArguments? ReadAdd(string name, string[] rest)
    {
        var read = new KeysArguments(KeysVerb.Add) { KeyName = name };
        for (int place = 0; place < rest.Length; place += 2)
        {
            if (place + 1 == rest.Length)
            {
                return null;
            }

            string value = rest[place + 1];
            switch (rest[place])
            {
                case "--role":
                    read = read with { Roles = read.Roles.Add(value) };
                    break;
                case "--purpose":
                    read = read with { Purposes = read.Purposes.Add(value) };
                    break;
                case "--expires" when Time(value) is { } time:
                    read = read with { ExpiresAt = time };
                    break;
                default:
                    return null;
            }
        }

        return read;
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset time
        )
            ? time
            : null;
}
