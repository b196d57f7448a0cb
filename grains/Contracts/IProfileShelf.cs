using Customer360.Rules.Events;

namespace Customer360.Grains.Contracts;

/// <summary>
/// What the customers of this process have published. A reader in the same process takes a profile from here instead of
/// asking the identifier's grain and the customer's; where there is none it asks them, and the customer publishes.
/// </summary>
public interface IProfileShelf
{
    /// <summary>The type under which a customer is found by its own id.</summary>
    const string CustomerType = "customer";

    /// <summary>The profile of the customer that lists the identifier, or null: then the grains must be asked.</summary>
    /// <param name="identifier">In normal form.</param>
    PublishedProfile? Find(Identifier identifier);
}

/// <summary>Whether the activations of this node still answer for their grains, as far as the node knows.</summary>
public interface IShelfTenure
{
    /// <summary>What <see cref="Term"/> says where nothing that is published counts.</summary>
    const long None = -1;

    /// <summary>
    /// The cluster's membership as a number, or <see cref="None"/>. What was published under one number does not count under
    /// another: a customer may live elsewhere since.
    /// </summary>
    long Term { get; }
}
