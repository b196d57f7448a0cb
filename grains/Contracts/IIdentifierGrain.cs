using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Owns the answer to "whose identifier is this?". Key: <c>type:value</c>, normalized.</summary>
[Alias("c360.IIdentifierGrain")]
public partial interface IIdentifierGrain : IGrainWithStringKey
{
    /// <summary>The owning customer's id, or null where nobody has claimed the identifier.</summary>
    [ReadOnly]
    [Alias("GetOwner")]
    Task<string?> GetOwner();

    /// <summary>First wins: answers the owner, who is <paramref name="customerId"/> only if nobody was before.</summary>
    [Alias("Claim")]
    Task<string> Claim(string customerId);

    /// <summary>
    /// Moves the identifier if <paramref name="from"/> owns it; answers the owner afterwards. Repeating it changes nothing.
    /// </summary>
    [Alias("Repoint")]
    Task<string?> Repoint(string from, string to);

    /// <summary>Makes it nobody's if <paramref name="from"/> owns it, which must not list it. Repeating it changes nothing.</summary>
    [Alias("Release")]
    Task Release(string from);
}
