using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Accounts;

/// <summary>
/// Reads <c>{domains: fallback|off, freeMail: […], disposable: […], suffixes: […], tieBreakers: […]}</c>. Lists of domains are added to
/// what is built in; the tie-breakers take the place of the built-in ones.
/// </summary>
internal static class AccountMatchingReader
{
    public static AccountMatchingPolicy Read(ConfigSection parent, string name, List<ConfigFault> faults)
    {
        AccountMatchingPolicy builtIn = AccountMatchingPolicy.Default;
        var section = new ConfigSection(
            parent.PathOf(name),
            parent.Find(name),
            faults,
            "domains",
            "freeMail",
            "disposable",
            "suffixes",
            "tieBreakers"
        );
        return builtIn with
        {
            Domains = section.Word("domains", builtIn.Domains),
            FreeMail = Domains(section, "freeMail", builtIn.FreeMail),
            Disposable = Domains(section, "disposable", builtIn.Disposable),
            Suffixes = Domains(section, "suffixes", builtIn.Suffixes),
            TieBreakers = section.Find("tieBreakers") is null ? builtIn.TieBreakers : TieBreakers(section),
        };
    }

    /// <summary>The canonical form.</summary>
    public static void Write(Utf8JsonWriter writer, AccountMatchingPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteString("domains"u8, Word(policy.Domains.ToString()));
        Write(writer, "freeMail", policy.FreeMail.Order(StringComparer.Ordinal));
        Write(writer, "disposable", policy.Disposable.Order(StringComparer.Ordinal));
        Write(writer, "suffixes", policy.Suffixes.Order(StringComparer.Ordinal));
        Write(writer, "tieBreakers", policy.TieBreakers.Select(breaker => Word(breaker.ToString())));
        writer.WriteEndObject();
    }

    private static FrozenSet<string> Domains(ConfigSection section, string name, FrozenSet<string> builtIn)
    {
        List<string> found = [.. builtIn];
        foreach (ConfigNode text in section.Texts(name))
        {
            if (
                AccountDomains.Normal(text.Text) is { } domain
                && domain == text.Text
                && domain.Contains('.', StringComparison.Ordinal)
            )
            {
                found.Add(domain);
            }
            else
            {
                section.Fault(text.Line, section.PathOf(name), "It must be a domain in lower case: example.com.");
            }
        }

        return found.ToFrozenSet(StringComparer.Ordinal);
    }

    private static ImmutableArray<AccountTieBreaker> TieBreakers(ConfigSection section)
    {
        Dictionary<string, AccountTieBreaker> known = Enum.GetValues<AccountTieBreaker>()
            .Where(breaker => breaker != AccountTieBreaker.Id)
            .ToDictionary(breaker => Word(breaker.ToString()), StringComparer.Ordinal);
        var found = ImmutableArray.CreateBuilder<AccountTieBreaker>();
        foreach (ConfigNode text in section.Texts("tieBreakers"))
        {
            if (known.TryGetValue(text.Text, out AccountTieBreaker breaker))
            {
                found.Add(breaker);
            }
            else
            {
                section.Fault(
                    text.Line,
                    section.PathOf("tieBreakers"),
                    $"It must be one of: {string.Join(", ", known.Keys)}. The id always stands last."
                );
            }
        }

        return found.DrainToImmutable();
    }

    private static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
