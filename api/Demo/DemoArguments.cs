using System.Globalization;

namespace Customer360.Api.Demo;

/// <summary>What <c>customer360 demo</c> was called with.</summary>
internal sealed record DemoArguments(Uri Url, string Key)
{
    public const long SeedDefault = 360;
    public const int PeopleDefault = 2_000;

    private const int PeopleLeast = 20;
    private const int PeopleMost = 100_000;

    public long Seed { get; init; } = SeedDefault;

    public int People { get; init; } = PeopleDefault;

    /// <summary>What the CRM's webhooks are signed with; null: they are left out.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Also a grid that has other data is filled.</summary>
    public bool IntoExisting { get; init; }

    /// <summary>The result is one line of JSON, and no progress is shown.</summary>
    public bool IsJson { get; init; }

    /// <summary>The arguments, or what is wrong with them in a sentence.</summary>
    /// <param name="environment">Values of variables: a key on the command line stays in the shell's history.</param>
    public static (DemoArguments? Read, string? Problem) Read(string[] args, Func<string, string?> environment)
    {
        var read = new DemoArguments(new Uri("http://localhost:8360"), environment("CUSTOMER360_DEMO_KEY") ?? "")
        {
            WebhookSecret = environment("CUSTOMER360__WEBHOOKS__HUBSPOT__SECRETS__0"),
        };
        for (int place = 0; place < args.Length; place++)
        {
            switch (args[place])
            {
                case "--into-existing":
                    read = read with { IntoExisting = true };
                    continue;
                case "--json":
                    read = read with { IsJson = true };
                    continue;
            }

            if (place + 1 == args.Length)
            {
                return (null, $"'{args[place]}' is not understood, or lacks its value.");
            }

            string value = args[++place];
            switch (args[place - 1])
            {
                case "--url" when IsAddress(value):
                    read = read with { Url = new Uri(value) };
                    break;
                case "--key":
                    read = read with { Key = value };
                    break;
                case "--webhook-secret":
                    read = read with { WebhookSecret = value };
                    break;
                case "--seed" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long seed):
                    read = read with { Seed = seed };
                    break;
                case "--people" when Number(value) is { } people and >= PeopleLeast and <= PeopleMost:
                    read = read with { People = people };
                    break;
                case "--people":
                    return (null, $"--people must be {PeopleLeast} to {PeopleMost}.");
                default:
                    return (null, $"'{args[place - 1]} {value}' is not understood.");
            }
        }

        return read.Key.Length == 0
            ? (null, "The grid's admin key is missing: --key KEY, or the variable CUSTOMER360_DEMO_KEY.")
            : (read, null);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
}
