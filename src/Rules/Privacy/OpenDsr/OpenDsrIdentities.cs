using System.Collections.Immutable;

namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>A person's identity in a request, under our type. Its value is not normalised yet.</summary>
/// <param name="Type">One of our types of identifiers, for example <c>user_id</c>.</param>
public readonly record struct OpenDsrIdentity(string Type, string Value);

/// <summary>Which of OpenDSR's identity types are identifiers of ours.</summary>
/// <remarks>
/// Only raw values are taken. The grid looks people up by the values themselves, so of a hash it could not say whose it is. The
/// types of Fire, Microsoft and Roku have no identifier of ours.
/// </remarks>
public static class OpenDsrIdentities
{
    /// <summary>The one identity format.</summary>
    public const string Raw = "raw";

    /// <summary>OpenDSR's type, and ours.</summary>
    public static ImmutableArray<(string Type, string Ours)> Types { get; } =
    [
        ("controller_customer_id", "user_id"),
        ("email", "email"),
        ("android_advertising_id", "android.idfa"),
        ("android_id", "android.id"),
        ("ios_advertising_id", "ios.idfa"),
        ("ios_vendor_id", "ios.id"),
    ];

    /// <summary>Our type of one of OpenDSR's; null where there is none.</summary>
    public static string? TypeOf(string identityType)
    {
        foreach ((string type, string ours) in Types)
        {
            if (type == identityType)
            {
                return ours;
            }
        }

        return null;
    }
}
