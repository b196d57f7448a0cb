namespace Customer360.Grains;

/// <summary>The names by which a customer is found.</summary>
/// <remarks>
/// They are written with the state, in one transaction, and a message that changes them counts as applied when that is done. So after a crash
/// the message is folded again, and nobody is missing in the list for longer than the message is.
/// </remarks>
public sealed partial class CustomerGrain
{
    public async Task<bool> ListNames()
    {
        if (!State.OwesNames)
        {
            LetGoOfNobody();
            return false;
        }

        await SaveNow();
        return true;
    }
}
