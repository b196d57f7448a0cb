using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;
using Customer360.Rules.Routing;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 9: each lead is one customer's, who has one that is open; who has an open lead has a place for it, and nobody else has; each
/// turn of a pool is a lead's; and the clock of a double goes on in the lead that it doubles.
/// </summary>
internal static class LeadsAreWhole
{
    private const string Name = "9 leads";

    /// <summary>All desks look, as reminders would have them do within a day.</summary>
    public static async Task SettleAsync(Client client, Disk disk)
    {
        foreach (string customer in disk.States(OperationNames.Customer).Select(one => one.Key).ToArray())
        {
            string? next = customer;
            while (next is not null)
            {
                string desk = next;
                next = await client.AskPatiently(grains => grains.GetGrain<ILeadDeskGrain>(desk).Look("rest"));
            }
        }
    }

    public static void Check(AtRest rest, Disk disk, Marks marks)
    {
        var files = disk.States(GrainKeys.LeadState)
            .Select(one => LeadFileJson.Read(one.State.Json))
            .Where(file => !file.IsErased)
            .ToDictionary(file => file.Lead.LeadId, StringComparer.Ordinal);
        CheckHolders(rest, disk, files);
        CheckPlaces(disk, files.Values);
        CheckClocks(files, marks);
        CheckList(disk, files);
        if (files.Values.Any(file => !file.Lead.Handoffs.IsEmpty))
        {
            marks.Hit(Mark.LeadOffered);
        }
    }

    /// <summary>Each lead stands under one identifier of one customer, and of a customer's leads one is open.</summary>
    private static void CheckHolders(AtRest rest, Disk disk, Dictionary<string, LeadFile> files)
    {
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SeenCustomer customer in rest.Customers.Values.Where(one => one.View is not null))
        {
            CustomerState state = Read(new CustomerStateCodec(), disk.Read(OperationNames.Customer, customer.Id)!);
            int open = 0;
            foreach ((var anchor, string lead) in state.Map.Leads)
            {
                ViolationException.ThrowIf(
                    !holders.TryAdd(lead, customer.Id),
                    Name,
                    () => $"{lead} is with {holders[lead]} and with {customer.Id}"
                );
                ViolationException.ThrowIf(
                    !files.TryGetValue(lead, out LeadFile? file) || file.Anchor != anchor.ToString(),
                    Name,
                    () => $"{customer.Id} has {lead} under {anchor}, and the lead is {file?.Anchor ?? "nowhere"}"
                );
                ViolationException.ThrowIf(
                    file!.CustomerId != customer.Id,
                    Name,
                    () => $"{lead} says that it is {file.CustomerId}'s and is {customer.Id}'s"
                );
                open += file.Lead.IsOpen ? 1 : 0;
            }

            ViolationException.ThrowIf(
                open > 1 || (open == 0 && !state.Map.Leads.IsEmpty),
                Name,
                () => $"{customer.Id} has {open} open leads of {state.Map.Leads.Length}"
            );
            var anchors = state.Map.Leads.GroupBy(lead => lead.Anchor).FirstOrDefault(group => group.Count() > 1);
            ViolationException.ThrowIf(
                anchors is not null,
                Name,
                () => $"{customer.Id} has begun {anchors!.Count()} leads under {anchors!.Key}, and none has ended"
            );
        }

        foreach (LeadFile file in files.Values)
        {
            ViolationException.ThrowIf(
                !holders.ContainsKey(file.Lead.LeadId),
                Name,
                () => $"{file.Lead.LeadId} is nobody's; it was {file.CustomerId}'s under {file.Anchor}"
            );
        }
    }

    private static void CheckPlaces(Disk disk, IReadOnlyCollection<LeadFile> files)
    {
        foreach (LeadFile file in files)
        {
            ViolationException.ThrowIf(
                !file.Debts.IsEmpty || file.Plan is not null,
                Name,
                () => $"{file.Lead.LeadId} still has to tell {file.Debts.Length}, and is on its way: {file.Plan}"
            );
        }

        foreach (string person in SalesPolicies.People)
        {
            string[] expected =
            [
                .. files
                    .Where(file => file.Lead.IsOpen && file.Lead.OwnerId == person)
                    .Select(file => file.Lead.LeadId)
                    .Order(StringComparer.Ordinal),
            ];
            string[] has = disk.Read(GrainKeys.SalesPersonState, person) is { } stored
                ? [.. Read(new SalesPersonStateCodec(), stored).Leads.Keys]
                : [];
            ViolationException.ThrowIf(
                !expected.SequenceEqual(has, StringComparer.Ordinal),
                Name,
                () => $"{person} has places for {string.Join(' ', has)}, and was given {string.Join(' ', expected)}"
            );
        }

        PoolLedger ledger = disk.Read(GrainKeys.PoolState, SalesPolicies.Pool) is { } pool
            ? Read(new PoolStateCodec(), pool).Ledger
            : PoolLedger.Empty;
        string[] turns = [.. ledger.Open.Keys.Order(StringComparer.Ordinal)];
        string[] held =
        [
            .. files
                .Where(file => file.Place?.Pool == SalesPolicies.Pool)
                .Select(file => $"{file.Lead.LeadId}#{file.Place!.Attempt}")
                .Order(StringComparer.Ordinal),
        ];
        ViolationException.ThrowIf(
            !turns.SequenceEqual(held, StringComparer.Ordinal),
            Name,
            () => $"the pool has dealt {string.Join(' ', turns)}, and leads have {string.Join(' ', held)}"
        );
    }

    private static void CheckClocks(Dictionary<string, LeadFile> files, Marks marks)
    {
        foreach (LeadFile file in files.Values)
        {
            if (file.Lead is not { DuplicateOf: { } link, Clock: { } clock })
            {
                continue;
            }

            marks.Hit(Mark.LeadDoubled);
            LeadState open = files[link.LeadId].Lead;
            ViolationException.ThrowIf(
                open.Adopted.All(one => one.LeadId != file.Lead.LeadId || one.Clock.StartedAt != clock.StartedAt),
                Name,
                () => $"the clock of {file.Lead.LeadId}, begun at {clock.StartedAt:O}, does not go on in {link.LeadId}"
            );
        }
    }

    private static void CheckList(Disk disk, Dictionary<string, LeadFile> files)
    {
        var rows = disk.Leads.ToDictionary(row => row.LeadId, StringComparer.Ordinal);
        ViolationException.ThrowIf(
            rows.Count != files.Count
                || files.Values.Any(file =>
                    !rows.TryGetValue(file.Lead.LeadId, out LeadRow? row)
                    || row.OwnerId != file.Lead.OwnerId
                    || row.IsOpen != file.Lead.IsOpen
                    || row.CustomerId != file.CustomerId
                ),
            Name,
            () => $"the list has {rows.Count} leads that are not the {files.Count} that there are"
        );
    }

    internal static T Read<T>(IStateCodec<T> codec, StoredState stored)
    {
        var reader = new System.Text.Json.Utf8JsonReader(stored.Json.Span);
        reader.Read();
        return codec.Read(ref reader);
    }
}
