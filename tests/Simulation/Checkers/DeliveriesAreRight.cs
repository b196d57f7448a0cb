using Customer360.Rules.Consent;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariants 5 and 9, as receivers see them: each message was told at least once, and in order per customer; whoever was sent a person
/// has heard that she said no, or was erased; and after that nothing more came of her.
/// </summary>
internal static class DeliveriesAreRight
{
    private const string Lost = "9 deliveries";
    private const string Consent = "5 deliveries";

    /// <param name="counted">The acknowledged messages of whom nobody has erased.</param>
    public static void Check(AtRest rest, Disk disk, Receiver receiver, IEnumerable<Message> counted, Marks marks)
    {
        EverythingArrived(disk, receiver, counted);
        Came[] came = InOrder(disk, receiver, marks);
        foreach (OutboxOfDisk.Written row in disk.Outbox.All.Where(one => one.Effect.Kind == EffectKind.PersonErased))
        {
            IsToldOfAnErasure(row, came, marks);
        }

        foreach (SeenCustomer customer in rest.Customers.Values.Where(one => one.View is not null))
        {
            if (customer.View!.Consent.Of(Message.PersonPurpose) == ConsentStatus.Denied)
            {
                IsToldOfANo(rest, customer.Id, came, marks);
            }
        }
    }

    /// <summary>What is sent again is asked for anew: of whoever has not consented by now nothing comes.</summary>
    /// <param name="before">How much had come before it was sent again.</param>
    public static void CheckAgain(AtRest rest, Disk disk, Receiver receiver, int before, Marks marks)
    {
        foreach (Arrival arrival in receiver.Arrivals.Skip(before).Where(IsOfConsented).Where(IsData))
        {
            SeenCustomer? about = rest.Customers.GetValueOrDefault(arrival.CustomerId);
            ConsentStatus? status = about?.View?.Consent.Of(Message.PersonPurpose);
            ViolationException.ThrowIf(
                status != ConsentStatus.Granted,
                Consent,
                () => $"{arrival} came again, and the consent of {about?.Id ?? "nobody"} is {status}"
            );
        }

        foreach (OutboxOfDisk.Done done in disk.Outbox.Ended)
        {
            if (done.Result is { Outcome: DeliveryOutcome.Withheld, Reason: "consent_denied" })
            {
                marks.Hit(Mark.DeliveryWithheld);
            }
        }
    }

    private static void EverythingArrived(Disk disk, Receiver receiver, IEnumerable<Message> counted)
    {
        HashSet<string?> arrived =
        [
            .. receiver
                .Arrivals.Where(one => one.Destination == DestinationsOfRuns.Everything)
                .Select(one => one.MessageId),
        ];
        foreach (Message message in counted)
        {
            ViolationException.ThrowIf(
                !arrived.Contains(message.Id),
                Lost,
                () =>
                    $"{message} is in, and {DestinationsOfRuns.Everything} was never told of it: {FateOf(disk, message)}"
            );
        }
    }

    /// <summary>What the outbox has of a message.</summary>
    private static string FateOf(Disk disk, Message message)
    {
        LogRow logged = disk.Log.First(row => row.MessageId == message.Id);
        string cause = Effect.CauseOf(new LogPlace(logged.Partition, logged.Position));
        return string.Join(
            ", ",
            disk.Outbox.All.Where(row =>
                    row.Destination == DestinationsOfRuns.Everything
                    && row.Effect.Kind == EffectKind.Message
                    && row.Effect.Cause == cause
                )
                .Select(row =>
                {
                    DeliveryResult? result = disk
                        .Outbox.Ended.FirstOrDefault(done =>
                            done.Destination == row.Destination && done.Result.Item.Effect.Id == row.Effect.Id
                        )
                        ?.Result;
                    return $"{row.Effect.CustomerId} {result?.Outcome} {result?.Reason}";
                })
                .DefaultIfEmpty("no row of the outbox has it")
        );
    }

    private static Came[] InOrder(Disk disk, Receiver receiver, Marks marks)
    {
        // What was sent again has a later place.
        ILookup<(string, string), OutboxOfDisk.Written> places = disk.Outbox.All.ToLookup(row =>
            (row.Destination, row.Effect.Id)
        );
        Dictionary<(string, string), Came> last = [];
        List<Came> all = [];
        foreach (Arrival arrival in receiver.Arrivals)
        {
            OutboxOfDisk.Written[] rows = [.. places[(arrival.Destination, arrival.EffectId)]];
            ViolationException.ThrowIf(rows.Length == 0, Lost, () => $"nothing in the outbox has caused {arrival}");
            string subject = rows[0].Effect.CustomerId;
            Came? before = last.GetValueOrDefault((arrival.Destination, subject));
            long place = rows.Select(row => row.Sequence)
                .Where(sequence => sequence >= (before?.Place ?? 0))
                .DefaultIfEmpty(-1)
                .Min();
            ViolationException.ThrowIf(
                place < 0,
                Lost,
                () =>
                    $"{arrival} of {subject}, place {rows[^1].Sequence}, came behind {before!.Arrival}, place {before.Place}"
            );
            if (before?.Place == place)
            {
                marks.Hit(Mark.DeliveryRepeated);
            }

            var came = new Came(arrival, rows[0].Effect, place);
            last[(arrival.Destination, subject)] = came;
            all.Add(came);
        }

        return [.. all];
    }

    /// <summary>Whoever was sent a person is told of her erasure, last of all.</summary>
    private static void IsToldOfAnErasure(OutboxOfDisk.Written row, Came[] came, Marks marks)
    {
        Came[] ofPerson =
        [
            .. came.Where(one =>
                one.Arrival.Destination == row.Destination && one.Effect.CustomerId == row.Effect.CustomerId
            ),
        ];
        Came? told = ofPerson.FirstOrDefault(one => one.Effect.Id == row.Effect.Id);
        ViolationException.ThrowIf(
            told is null && ofPerson.Any(one => IsData(one.Arrival)),
            Consent,
            () => $"{row.Destination} was sent {row.Effect.CustomerId}, and was not told of her erasure"
        );
        if (told is not null)
        {
            marks.Hit(Mark.ErasureTold);
            ViolationException.ThrowIf(
                ofPerson.Any(one => one.Place > told.Place && IsData(one.Arrival)),
                Consent,
                () => $"{row.Destination} was told of the erasure of {row.Effect.CustomerId}, and of more behind it"
            );
        }
    }

    private static void IsToldOfANo(AtRest rest, string customer, Came[] came, Marks marks)
    {
        int told = Array.FindLastIndex(
            came,
            one =>
                IsOfConsented(one.Arrival)
                && one.Effect.Kind == EffectKind.ConsentWithdrawn
                && EndOf(rest, one.Effect.CustomerId) == customer
        );
        int sent = Array.FindLastIndex(
            came,
            one =>
                IsOfConsented(one.Arrival)
                && IsData(one.Arrival)
                && one.Effect.CustomerId == customer
                && one.Arrival.CustomerId == customer
        );
        if (sent >= 0)
        {
            marks.Hit(Mark.WithdrawalTold);
        }

        ViolationException.ThrowIf(
            sent > told,
            Consent,
            () =>
                $"{customer} has said no, and {DestinationsOfRuns.Consented}, which was sent {came[sent].Arrival}, was not told"
        );
    }

    private static string EndOf(AtRest rest, string customer)
    {
        while (rest.Customers.GetValueOrDefault(customer)?.MovedTo is { } next)
        {
            customer = next;
        }

        return customer;
    }

    private static bool IsOfConsented(Arrival arrival) => arrival.Destination == DestinationsOfRuns.Consented;

    private static bool IsData(Arrival arrival) => !EffectKinds.IsCorrection(EffectKinds.KindOf(arrival.Type)!.Value);

    private sealed record Came(Arrival Arrival, Effect Effect, long Place);
}
