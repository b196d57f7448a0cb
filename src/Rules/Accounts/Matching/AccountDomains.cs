using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Identifiers;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Accounts;

/// <summary>Why a domain says nothing of a company.</summary>
public enum DomainObjection
{
    None = 0,

    /// <summary>It is none, or has one label.</summary>
    NoDomain = 1,

    FreeMail = 2,
    Disposable = 3,

    /// <summary>Others register their domains under it.</summary>
    Suffix = 4,
}

/// <summary>The domains by which an account can be looked up.</summary>
public static class AccountDomains
{
    /// <summary>RFC 1035.</summary>
    private const int LengthMax = 253;

    /// <summary>Domains that one account is found by.</summary>
    private const int OfAccountMax = 50;

    private const string Www = "www.";

    private static readonly string[] s_traits = ["domain", "domains", "website"];

    /// <summary>The one spelling of a domain: lower case, punycode decoded; null where it is none.</summary>
    public static string? Normal(string domain) =>
        domain.Length is > 0 and <= LengthMax && EmailText.Of(IdText.Of($"a@{domain}")) is { } address
            ? address[2..]
            : null;

    /// <summary>The domain of an e-mail address in its one spelling; null where it is no address.</summary>
    public static string? OfEmail(string email) =>
        EmailText.Of(IdText.Of(email)) is { } address
            ? address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..]
            : null;

    /// <summary>What stands against a domain (in its one spelling) as that of a company.</summary>
    public static DomainObjection ObjectionTo(string domain, AccountMatchingPolicy policy)
    {
        if (!domain.Contains('.', StringComparison.Ordinal))
        {
            return DomainObjection.NoDomain;
        }

        // Who gives addresses away gives them under its subdomains, too.
        for (string? name = domain; name is not null; name = ParentOf(name))
        {
            if (policy.FreeMail.Contains(name))
            {
                return DomainObjection.FreeMail;
            }

            if (policy.Disposable.Contains(name))
            {
                return DomainObjection.Disposable;
            }
        }

        return policy.Suffixes.Contains(domain) ? DomainObjection.Suffix : DomainObjection.None;
    }

    /// <summary>
    /// The domains to look an account up by: the domain itself, then each that it stands under, down to the one that can be
    /// registered. Empty where something stands against it.
    /// </summary>
    public static ImmutableArray<string> LookUps(string domain, AccountMatchingPolicy policy)
    {
        if (ObjectionTo(domain, policy) != DomainObjection.None)
        {
            return [];
        }

        var found = ImmutableArray.CreateBuilder<string>();
        for (string? name = domain; name is not null; name = ParentOf(name))
        {
            if (!name.Contains('.', StringComparison.Ordinal) || policy.Suffixes.Contains(name))
            {
                break;
            }

            found.Add(name);
        }

        return found.DrainToImmutable();
    }

    /// <summary>
    /// The domains that sources state of an account: <c>domain</c>, <c>domains</c> (a list) and the host of <c>website</c>. Sorted, each
    /// once. What is only claimed counts where nobody who is believed states any.
    /// </summary>
    /// <param name="areClaimed">They are only claimed: they count for nothing against another account's that are not.</param>
    public static ImmutableArray<string> OfTraits(ImmutableArray<Trait> traits, out bool areClaimed)
    {
        Trait[] stated = [.. traits.Where(trait => !trait.IsRemoved && s_traits.Contains(trait.Name))];
        areClaimed = stated.Length > 0 && stated.All(trait => trait.IsClaimed);
        bool takesClaims = areClaimed;
        return
        [
            .. stated
                .Where(trait => trait.IsClaimed == takesClaims)
                .SelectMany(trait => TextsOf(trait.ValueJson))
                .Select(HostOf)
                .Select(Normal)
                .OfType<string>()
                .Where(domain => domain.Contains('.', StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Take(OfAccountMax),
        ];
    }

    private static string[] TextsOf(ReadOnlyMemory<byte> valueJson)
    {
        using var document = JsonDocument.Parse(valueJson);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.String => document
                .RootElement.GetString()!
                .Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            JsonValueKind.Array =>
            [
                .. document
                    .RootElement.EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!.Trim()),
            ],
            _ => [],
        };
    }

    /// <summary><c>https://www.acme.com/about</c> and <c>acme.com</c> name the same domain.</summary>
    private static string HostOf(string text)
    {
        string host =
            text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
                ? address.Host
                : text.Split('/', 2)[0].Split(':', 2)[0];
        return host.StartsWith(Www, StringComparison.OrdinalIgnoreCase) ? host[Www.Length..] : host;
    }

    private static string? ParentOf(string domain)
    {
        int dot = domain.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : domain[(dot + 1)..];
    }
}
