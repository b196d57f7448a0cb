using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Audit;
using Customer360.Rules.Keys;
using Customer360.Rules.Outcomes;
using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Keys;

/// <summary>
/// <c>customer360 keys</c>: makes, lists and revokes keys in the store itself, without a grid: for the first key, and for the day on
/// which nobody has one any more. It takes the settings of the programs, from the environment and <c>appsettings.json</c>.
/// </summary>
public static class KeysCommand
{
    public const string Name = "keys";

    public const string Usage = """
        Usage: customer360 keys list [--json]
               customer360 keys add NAME --role ROLE [--role ROLE]... [--purpose PURPOSE]... [--expires 2027-01-31T00:00:00Z]
               customer360 keys revoke NAME
        A role is collect, read, admin, or one of the access policy.
        """;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = AnswerJson.Encoder,
    };

    /// <summary>
    /// 0: done. 1: it could not be done, or the call was not understood; <paramref name="error"/> has a sentence that says why.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            IConfiguration settings = new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .Build();
            return await RunAsync(args, settings, TimeProvider.System, output, error);
        }
        catch (Exception exception) when (StartRefusal.Of(exception) is { } sentence)
        {
            await error.WriteLineAsync(sentence);
            return 1;
        }
    }

    internal static async Task<int> RunAsync(
        string[] args,
        IConfiguration settings,
        TimeProvider time,
        TextWriter output,
        TextWriter error
    )
    {
        if (KeysArguments.Read(args) is not { } asked)
        {
            await error.WriteLineAsync(Usage);
            return 1;
        }

        if (asked.Problem(time.GetUtcNow()) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return 1;
        }

        SettingsCheck.Require(settings);
        await using var store = await KeyRingStore.Open(settings);
        return asked.Verb switch
        {
            KeysVerb.List when asked.IsJson => await ListJson(store, output),
            KeysVerb.List => await List(store, time, output),
            KeysVerb.Add => await Add(store, asked, time, output, error),
            _ => await Revoke(store, asked, time, output, error),
        };
    }

    private static async Task<int> List(KeyRingStore store, TimeProvider time, TextWriter output)
    {
        (KeyRing ring, _) = await store.Read();
        if (ring.Keys.IsEmpty)
        {
            await output.WriteLineAsync("The grid keeps no key.");
        }

        foreach (StoredKey key in ring.Keys)
        {
            string end = key.ExpiresAt switch
            {
                null => "does not expire",
                { } expiry when expiry <= time.GetUtcNow() => $"expired {Text(expiry)}",
                { } expiry => $"expires {Text(expiry)}",
            };
            string used = key.Secrets.Max(one => one.LastUsedDay) is { } day
                ? $"last used {DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
                : "never used";
            await output.WriteLineAsync(
                $"{key.Name}: {string.Join(' ', key.Roles)}; made {Text(key.CreatedAt)} by {key.CreatedBy}; {end}; {used}"
            );
        }

        return 0;
    }

    private static async Task<int> ListJson(KeyRingStore store, TextWriter output)
    {
        (KeyRing ring, _) = await store.Read();
        var keys = ring.Keys.Select(key => new
        {
            key.Name,
            key.Roles,
            key.Purposes,
            key.CreatedAt,
            key.CreatedBy,
            key.ExpiresAt,
            lastUsedOn = key.Secrets.Max(one => one.LastUsedDay) is { } day
                ? DateOnly.FromDayNumber(day)
                : (DateOnly?)null,
        });
        await output.WriteLineAsync(JsonSerializer.Serialize(new { keys }, s_json));
        return 0;
    }

    private static async Task<int> Add(
        KeyRingStore store,
        KeysArguments asked,
        TimeProvider time,
        TextWriter output,
        TextWriter error
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        string text = KeyText.Make(asked.Roles[0], RandomNumberGenerator.GetBytes(KeyText.RandomBytes));
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
        var key = new StoredKey(asked.KeyName, asked.Roles, now, Actor.Name)
        {
            Purposes = asked.Purposes,
            ExpiresAt = asked.ExpiresAt,
            Secrets = [new KeySecret(KeyText.IdOf(text), digest, now)],
        };
        if (await store.Change(ring => ring.Create(key, new KeyChange(Actor, now, null))) is { } objection)
        {
            await error.WriteLineAsync(
                objection == KeyObjection.NameTaken
                    ? $"There is a key '{asked.KeyName}' already: revoke it first, or choose another name."
                    : $"The grid keeps {KeyRing.KeysMax} keys at most: revoke some that nobody uses."
            );
            return 1;
        }

        // The key alone on the output, so that a script can take it.
        await error.WriteLineAsync($"The key '{asked.KeyName}' is made. It is shown now and never again:");
        await output.WriteLineAsync(text);
        return 0;
    }

    private static async Task<int> Revoke(
        KeyRingStore store,
        KeysArguments asked,
        TimeProvider time,
        TextWriter output,
        TextWriter error
    )
    {
        var change = new KeyChange(Actor, time.GetUtcNow(), null);
        if (await store.Change(ring => ring.Revoke(asked.KeyName, change)) is not null)
        {
            await error.WriteLineAsync($"The grid keeps no key '{asked.KeyName}'.");
            return 1;
        }

        await output.WriteLineAsync($"The key '{asked.KeyName}' is revoked.");
        return 0;
    }

    private static AuditActor Actor { get; } = new("grid", "command line", "");

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
