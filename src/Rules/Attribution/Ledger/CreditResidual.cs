using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Attribution;

/// <summary>Why an amount, or a part of it, is no channel's. The first reason that holds is given.</summary>
public enum CreditResidual
{
    /// <summary>None: a touch has it.</summary>
    None = 0,

    /// <summary>The CRM's own sum has more than its messages said.</summary>
    NotSynced = 1,

    /// <summary>Nobody says what it is worth, or less than nothing.</summary>
    AmountMissing = 2,

    /// <summary>It is worth something, but nobody says of what currency.</summary>
    CurrencyMissing = 3,

    /// <summary>A deal of no account.</summary>
    NoAccountMatch = 4,

    /// <summary>Nobody takes part in it that is known here.</summary>
    NoPeople = 5,

    /// <summary>Whoever took part is forgotten.</summary>
    Erased = 6,

    /// <summary>There are touches, but without consent to the purpose they are not used.</summary>
    NoConsent = 7,

    /// <summary>Nobody who takes part was ever seen.</summary>
    NoTouchEver = 8,

    /// <summary>All touches are older than the look-back.</summary>
    OutsideLookback = 9,

    /// <summary>All touches are known for spam.</summary>
    ExcludedTouchesOnly = 10,
}

/// <summary>The words for residuals, on the wire and in tables.</summary>
public static class CreditResiduals
{
    public static ImmutableArray<CreditResidual> All { get; } =
    [.. Enum.GetValues<CreditResidual>().Where(one => one != CreditResidual.None)];

    public static string WordOf(CreditResidual residual) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(residual.ToString());

    /// <summary><see cref="CreditResidual.None"/> where there is no such word.</summary>
    public static CreditResidual Find(string? word) => All.FirstOrDefault(one => WordOf(one) == word);
}
