using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 9: each customer is in the audiences that all its messages put it in, whatever merges, splits and crashes there were; and the
/// list of members says what the stored states say.
/// </summary>
internal static class AudiencesAreRight
{
    private const string Name = "9 audiences";

    public static async Task CheckAsync(
        AtRest rest,
        Client client,
        Disk disk,
        PlainModel model,
        Marks marks,
        DateTimeOffset now
    )
    {
        foreach (SeenCustomer customer in rest.Customers.Values.Where(one => one.View is not null))
        {
            CustomerAudiencesReply reply = await client.AskPatiently(grains =>
                grains.GetGrain<ICustomerGrain>(customer.Id).GetAudiences()
            );
            string[] held = [.. OneOwner.Held(customer)];
            string said = string.Join(' ', reply.Audiences.Select(one => one.Audience));
            string expected = string.Join(' ', model.Audiences(held, now));
            // What is due is left to its reminder, which may be late.
            ViolationException.ThrowIf(
                said != expected && !(reply.DueAt <= now),
                Name,
                () =>
                    $"{customer.Id} ({string.Join(' ', held)}) is in\n  {said}\nand its messages put it in\n  {expected}"
            );
            if (said.Contains("followed", StringComparison.Ordinal) && held.Length > 1)
            {
                marks.Hit(Mark.AudienceEntered);
            }
        }

        CheckList(disk);
    }

    private static void CheckList(Disk disk)
    {
        string listed = string.Join(
            '\n',
            disk.Members.Select(row => $"{row.CustomerId} {row.Audience}").Order(StringComparer.Ordinal)
        );
        string stored = string.Join(
            '\n',
            disk.States(OperationNames.Customer)
                .SelectMany(one =>
                    LeadsAreWhole
                        .Read(new CustomerStateCodec(), new StoredState(one.State.Json, one.State.Version))
                        .Audiences.Standings.Members.Select(member => $"{one.Key} {member.Audience}")
                )
                .Order(StringComparer.Ordinal)
        );
        ViolationException.ThrowIf(
            listed != stored,
            Name,
            () => $"the list says\n{listed}\nand the states say\n{stored}"
        );
    }
}
