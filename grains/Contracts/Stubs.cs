namespace Customer360.Grains.Contracts;

/// <summary>A merged customer stays as a stub that names the customer which took it in. This is the way along the stubs.</summary>
public static class Stubs
{
    /// <summary>Asks a customer, or the one that has its state by now.</summary>
    /// <param name="ask">Asks the customer of that id.</param>
    /// <param name="movedTo">Of an answer: the customer to ask instead; null where the answer stands.</param>
    /// <returns>The customer that has answered, and its answer.</returns>
    public static async Task<(string CustomerId, TReply Reply)> Follow<TReply>(
        string customerId,
        Func<string, Task<TReply>> ask,
        Func<TReply, string?> movedTo
    )
    {
        while (true)
        {
            TReply reply = await ask(customerId);
            if (movedTo(reply) is not { } next)
            {
                return (customerId, reply);
            }

            customerId = next;
        }
    }

    /// <summary>Who it is by now, and what it holds.</summary>
    public static async Task<Rules.Identity.CustomerFacts> FactsOf(this IGrainFactory grains, string customerId)
    {
        (_, CustomerIdentity identity) = await Follow(
            customerId,
            id => grains.GetGrain<ICustomerGrain>(id).GetIdentity(),
            static identity => identity.MovedTo
        );
        return identity.Facts;
    }
}
