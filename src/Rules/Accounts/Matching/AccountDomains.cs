using System.Collections.Immutable;
using Customer360.Rules.Identifiers;

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

    private static string? ParentOf(string domain)
    {
        int dot = domain.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : domain[(dot + 1)..];
    }
}
