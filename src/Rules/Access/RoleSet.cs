using System.Collections.Immutable;

namespace Customer360.Rules.Access;

/// <summary>What a caller is: roles, and the purposes that the caller's key is for. Compared by what it says.</summary>
public sealed class RoleSet : IEquatable<RoleSet>
{
    private readonly string _key;
    private readonly int _hash;

    private RoleSet(Roles roles, ImmutableArray<string> names, ImmutableArray<string> purposes)
    {
        Roles = roles;
        Names = names;
        Purposes = purposes;
        _key = $"{(int)roles}\n{string.Join('\t', names)}\n{string.Join('\t', purposes)}";
        _hash = _key.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>The roles that every policy has.</summary>
    public Roles Roles { get; }

    /// <summary>Roles of <c>access.yaml</c>, in order. One that the policy does not have grants nothing.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The only purposes that the key is for, in order; empty: those of its roles.</summary>
    public ImmutableArray<string> Purposes { get; }

    /// <param name="names">Roles by name, those that every policy has among them or not.</param>
    public static RoleSet Of(Roles roles, ImmutableArray<string> names, ImmutableArray<string> purposes) =>
        new(
            names.Aggregate(roles, (all, name) => all | RoleNames.EverywhereOf(name)),
            [.. names.Where(RoleNames.IsOfPolicy).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [.. purposes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
        );

    public bool Equals(RoleSet? other) =>
        other is not null && string.Equals(_key, other._key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is RoleSet other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>Equal sets have equal texts, others have others. It names roles, and no key.</summary>
    public override string ToString() => _key;
}

/// <summary>The names of roles.</summary>
public static class RoleNames
{
    public const string Collect = "collect";
    public const string Read = "read";
    public const string Admin = "admin";

    /// <summary>Another name of <see cref="Collect"/>.</summary>
    public const string Collector = "collector";

    /// <summary>Characters at most.</summary>
    public const int LengthMax = 40;

    private static readonly ImmutableArray<string>[] s_ofRoles =
    [
        .. Enumerable
            .Range(0, 8)
            .Select(roles =>
                ((string[])[Collect, Read, Admin]).Where((_, index) => (roles & (1 << index)) != 0).ToImmutableArray()
            ),
    ];

    /// <summary>The names of the roles that every policy has. The same array each time, so that holders compare equal.</summary>
    public static ImmutableArray<string> Of(Roles roles) => s_ofRoles[(int)roles & 7];

    /// <summary>The role of a name that means the same in every policy; none where the policy says what it means.</summary>
    public static Roles EverywhereOf(string name) =>
        name switch
        {
            Collect or Collector => Roles.Collect,
            Read => Roles.Read,
            Admin => Roles.Admin,
            _ => Roles.None,
        };

    /// <summary>What the role sees stands in <c>access.yaml</c>.</summary>
    public static bool IsOfPolicy(string name) => EverywhereOf(name) == Roles.None;

    /// <summary>Lower-case letters, digits and hyphens, a letter first: names of roles and of purposes.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LengthMax
        && char.IsAsciiLetterLower(text[0])
        && text.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-');
}
