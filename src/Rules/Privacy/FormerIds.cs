using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Privacy;

/// <summary>
/// What an alias call says of a former id: <c>previousId</c> is read as a device's id, and may have been a user's. So of somebody who is
/// forgotten the same value of the other type is forgotten, too.
/// </summary>
public static class FormerIds
{
    private const string User = "user_id";
    private const string Device = "anonymous_id";

    /// <summary>The same value as an id of the other type; null of other types.</summary>
    public static Identifier? TwinOf(Identifier identifier)
    {
        string type = RegionalType.Base(identifier.Type);
        string? other =
            type == User ? Device
            : type == Device ? User
            : null;
        return other is null ? null
            : RegionalType.Region(identifier.Type) is { } region
                ? Identifier.Create(RegionalType.Of(other, region), identifier.Value)
            : Identifier.Create(other, identifier.Value);
    }
}
