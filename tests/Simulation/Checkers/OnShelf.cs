using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Simulation.Runtime;
using Customer360.Simulation.Storage;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// No reader finds on a process's shelf what a grain call that begins now would not show. It is compared with the activation's own
/// state, and, in the process that serves, with what is stored: the way that a grain call would go from the identifier.
/// </summary>
internal static class OnShelf
{
    private const string Name = "shelf";
    private const int HopsMax = 64;

    /// <summary>What the shelf shows for an identifier, checked; null where it shows nothing.</summary>
    /// <param name="disk">What is stored; null for a process that was given up, which may be behind it.</param>
    public static ProfileView? Look(Process process, string identifier, Disk? disk)
    {
        var name = Identifier.Parse(identifier);
        if (process.Service<IProfileShelf>().Find(name)?.View is not { } view)
        {
            return null;
        }

        Activations activations = process.Service<SimulatedSilo>().Activations;
        if (MayBeStale(activations, view.CustomerId) || activations.MayBeStale(GrainOf("identifier", identifier)))
        {
            // When a grain has two activations, either may answer a call, so the shelf can't be compared with anything.
            return null;
        }

        CheckActivation(Ask(activations, view.CustomerId), view);
        CheckConsent(AskConsent(activations, view.CustomerId), view);
        if (disk is not null)
        {
            CheckStored(disk, name, view, customer => MayBeStale(activations, customer));
        }

        return view;
    }

    /// <summary>What an activation says at this very moment, also amidst a change; null where there is none.</summary>
    private static Tuple<CustomerIdentity, EntriesReply>? Ask(Activations activations, string customerId) =>
        activations.LookInto(
            GrainOf(OperationNames.Customer, customerId),
            // Both questions only look at its state.
            static (ICustomerGrain customer) =>
            {
                CustomerIdentity identity = customer.GetIdentity().Result;
                var all = new EntriesQuery([.. identity.Facts.Held.Select(one => one.Identifier)]);
                return Tuple.Create(identity, customer.GetEntries(all).Result);
            }
        );

    private static ConsentReply? AskConsent(Activations activations, string customerId) =>
        activations.LookInto(
            GrainOf(OperationNames.Customer, customerId),
            static (ICustomerGrain customer) => customer.GetConsent().Result
        );

    private static bool MayBeStale(Activations activations, string customerId) =>
        activations.MayBeStale(GrainOf(OperationNames.Customer, customerId));

    private static GrainId GrainOf(string type, string key) => GrainId.Create(GrainType.Create(type), key);

    /// <summary>What stands on the shelf is what its customer's activation says.</summary>
    internal static void CheckActivation(Tuple<CustomerIdentity, EntriesReply>? said, ProfileView view)
    {
        ViolationException.ThrowIf(
            said is null,
            Name,
            () => $"{view.CustomerId} stands on a shelf and is not active beside it"
        );
        (CustomerIdentity identity, EntriesReply entries) = said!;
        Identifier[] held = [.. identity.Facts.Held.Select(one => one.Identifier)];
        ViolationException.ThrowIf(
            identity.MovedTo is not null
                || !held.SequenceEqual(view.Identifiers.Select(one => one.Identifier))
                || identity.Facts.IsOversized != view.IsOversized,
            Name,
            () =>
                $"{view.CustomerId} lists {string.Join(' ', held)}, and its shelf shows it with "
                + string.Join(' ', view.Identifiers.Select(one => one.Identifier))
        );
        long folded = entries.Entries.Sum(entry => ReadFold(entry.FoldJson).MessageCount);
        ViolationException.ThrowIf(
            folded != view.Fold.MessageCount,
            Name,
            () => $"{view.CustomerId} has folded {folded} messages, and the shelf shows {view.Fold.MessageCount}"
        );
    }

    /// <summary>A no that the customer's activation has heard stands on the shelf, too, and a yes that it has not does not.</summary>
    internal static void CheckConsent(ConsentReply? said, ProfileView view)
    {
        string heard = said is { HoldingsJson.IsEmpty: false }
            ? ConsentIsJoin.Said(ConsentJoin.View(ConsentHoldingsJson.Read(said.HoldingsJson)))
            : "";
        string shown = ConsentIsJoin.Said(view.Consent);
        ViolationException.ThrowIf(
            shown != heard,
            Name,
            () => $"{view.CustomerId} has heard '{heard}', and the shelf shows '{shown}'"
        );
    }

    /// <summary>
    /// Its customer is itself, as it is stored, and a grain call that begins now is led to it from the name.
    /// </summary>
    internal static void CheckStored(Disk disk, Identifier name, ProfileView view, Func<string, bool> mayBeStale)
    {
        using (JsonDocument stored = Read(disk, OperationNames.Customer, view.CustomerId))
        {
            string? status = stored.RootElement.GetProperty("status"u8).GetString();
            ViolationException.ThrowIf(
                status != "live" || stored.RootElement.TryGetProperty("split", out _),
                Name,
                () => $"{view.CustomerId} is {status}, or takes over what a split gives it, and stands on the shelf"
            );
        }

        string customer = view.CustomerId;
        if (name.Type != IProfileShelf.CustomerType)
        {
            using JsonDocument stored = Read(disk, "identifier", name.ToString());
            customer = stored.RootElement.GetProperty("owner"u8).GetString() ?? "nobody";
        }

        for (int hop = 0; customer != view.CustomerId; hop++)
        {
            string asked = customer;
            if (mayBeStale(asked))
            {
                return;
            }

            using JsonDocument stored = Read(disk, OperationNames.Customer, asked);
            string? next = NextOf(disk, stored.RootElement);
            ViolationException.ThrowIf(
                next is null || hop > HopsMax,
                Name,
                () => $"{name} leads to {asked}, and the shelf shows {view.CustomerId}"
            );
            customer = next!;
        }
    }

    /// <summary>
    /// The customer that a reader is led to: by the stub, or by a merge that can only be finished, since the other customer has
    /// absorbed this one.
    /// </summary>
    private static string? NextOf(Disk disk, JsonElement state)
    {
        if (state.TryGetProperty("movedTo", out JsonElement movedTo))
        {
            return movedTo.GetString();
        }

        if (!state.TryGetProperty("merge", out JsonElement merge))
        {
            return null;
        }

        string into = merge.GetProperty("into"u8).GetString()!;
        for (int hop = 0; hop <= HopsMax; hop++)
        {
            using JsonDocument older = Read(disk, OperationNames.Customer, into);
            if (
                older
                    .RootElement.GetProperty("absorbed"u8)
                    .EnumerateArray()
                    .Any(one => one.ValueEquals(merge.GetProperty("mergeId"u8).GetString()))
            )
            {
                return into;
            }

            if (!older.RootElement.TryGetProperty("movedTo", out JsonElement further))
            {
                break;
            }

            into = further.GetString()!;
        }

        return null;
    }

    private static JsonDocument Read(Disk disk, string kind, string key) =>
        disk.Read(kind, key) is { } state
            ? JsonDocument.Parse(state.Json)
            : throw new ViolationException(Name, $"{key} stands on the shelf, and nothing of it is stored");

    private static ProfileFold ReadFold(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return ProfileFold.ReadJson(ref reader);
    }
}
