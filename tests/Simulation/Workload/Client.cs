using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Silo.Identity;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Storage;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Workload;

/// <summary>
/// Does what a plan says, calling the grains as the API does (api/Endpoints). What fails is tried again a few times, then
/// left: nothing was promised. What is answered is noted in the journal and held against later answers.
/// </summary>
internal sealed class Client(
    WorldLoop world,
    Cluster cluster,
    Disk disk,
    Journal journal,
    Plan plan,
    Dice dice,
    Marks marks,
    TaskScheduler scheduler,
    TimeProvider time
)
{
    private const int Tries = 3;
    private const int HopsMax = 64;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private int _requests;
    private int _splits;

    /// <summary>Does the deeds of a round, some side by side.</summary>
    public async Task DoAsync(ImmutableArray<Deed> deeds)
    {
        var open = new Queue<Deed>(deeds);
        List<Task> sessions = [];
        for (int session = 0; session < plan.Settings.Sessions; session++)
        {
            sessions.Add(WorkAsync(open));
        }

        foreach (Task session in sessions)
        {
            await session;
        }
    }

    /// <summary>Sends all that is not acknowledged until it is: what an SDK with a queue does.</summary>
    public async Task SendOpenAsync()
    {
        while (journal.Open.ToArray() is { Length: > 0 } open)
        {
            await TolerateAsync(() => CollectAsync(new Deed.Collect([.. open], Applied: true)));
            await Task.Delay(s_pause, time);
        }
    }

    /// <summary>Asks a grain of the serving process.</summary>
    public async Task<T> Ask<T>(Func<IGrainFactory, Task<T>> ask)
    {
        Process process = await cluster.Serving;
        return await process.Answer(ask(process.Grains), scheduler);
    }

    /// <summary>Asks until there is an answer: what was under way when the faults ended may still time out.</summary>
    public async Task<T> AskPatiently<T>(Func<IGrainFactory, Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await Ask(ask);
            }
            catch (Exception error) when (Outage.Is(error))
            {
                world.Tell($"a client is told: {error.GetType().Name}");
            }

            await Task.Delay(s_pause, time);
        }
    }

    /// <summary>The customer that an identifier leads to, with its profile; null where nobody owns it.</summary>
    public async Task<ProfileView?> View(string identifier)
    {
        string? customer = await Ask(grains => grains.GetGrain<IIdentifierGrain>(identifier).GetOwner());
        return await ViewOf(customer, identifier);
    }

    private async Task<ProfileView?> ViewOf(string? customer, string sought)
    {
        for (int hop = 0; customer is not null; hop++)
        {
            ViolationException.ThrowIf(hop > HopsMax, "forwarding", () => $"stubs lead from {sought} in a circle");
            string asked = customer;
            long atLeast = journal.VersionOf(asked);
            ProfileViewReply reply = await Ask(grains => grains.GetGrain<ICustomerGrain>(asked).GetView());
            if (reply.View is { } view)
            {
                journal.WasRead(asked, view.Version, atLeast);
                if (hop > 1)
                {
                    marks.Hit(Mark.LongChain);
                }

                return view;
            }

            customer = reply.MovedTo;
            if (customer is not null)
            {
                marks.Hit(Mark.CustomerMoved);
            }
        }

        return null;
    }

    private async Task WorkAsync(Queue<Deed> open)
    {
        while (open.TryDequeue(out Deed? deed))
        {
            world.Tell($"a client begins: {deed}");
            for (int attempt = 0; attempt < Tries; attempt++)
            {
                if (await TolerateAsync(() => DoAsync(deed)))
                {
                    break;
                }

                await Task.Delay(s_pause, time);
            }
        }
    }

    private Task DoAsync(Deed deed) =>
        deed switch
        {
            Deed.Collect collect => CollectAsync(collect),
            Deed.Split split => SplitAsync(split),
            Deed.RepeatSplit repeat => RepeatSplitAsync(repeat.Which),
            Deed.Undo undo => UndoAsync(undo),
            Deed.Read read => ReadAsync(read.Identifiers),
            Deed.Follow follow => FollowAsync(follow.Which),
            Deed.Lift lift => LiftAsync(lift.Which),
            Deed.Remind remind => RemindAsync(remind),
            Deed.ChangeRules change => ChangeRulesAsync(change.Variant),
            _ => throw new InvalidOperationException($"Nobody knows how to do {deed}."),
        };

    /// <summary>True where it was done, false where an outage came between.</summary>
    private async Task<bool> TolerateAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception error) when (Outage.Is(error))
        {
            world.Tell($"a client is told: {error.GetType().Name}");
            if (error is TimeoutException)
            {
                marks.Hit(Mark.CallTimedOut);
            }

            return false;
        }
        catch (Exception error) when (error is not ViolationException)
        {
            throw new ViolationException("answers", $"a client got an error that is no outage: {error}");
        }
    }

    private async Task CollectAsync(Deed.Collect collect)
    {
        Process process = cluster.Lagging is { } lagging && dice.Next(2) == 0 ? lagging : await cluster.Serving;
        var reader = process.Service<EnvelopeReader>();
        string request = $"r{++_requests}";
        List<(Message Message, Envelope Envelope)> read = [];
        foreach (Message message in collect.Messages)
        {
            journal.Send(message);
            read.Add((message, Read(reader, message, request, read.Count)));
        }

        List<(List<Message> Messages, Task<CollectReply> Reply)> parcels = [];
        foreach (var parcel in read.GroupBy(one => Partitions.Of(one.Envelope.Anchor, plan.Settings.Partitions)))
        {
            var call = new CollectRequest([.. parcel.Select(one => one.Envelope)], collect.Applied, s_patience);
            parcels.Add(
                (
                    [.. parcel.Select(one => one.Message)],
                    process.Answer(process.Grains.GetGrain<IIntakeGrain>(parcel.Key).Collect(call), scheduler)
                )
            );
        }

        foreach ((List<Message> messages, Task<CollectReply> pending) in parcels)
        {
            await TakeAsync(messages, await pending, collect.Applied);
        }
    }

    private async Task TakeAsync(List<Message> messages, CollectReply reply, bool wantsApplied)
    {
        if (reply.Status == CollectStatus.Overloaded)
        {
            marks.Hit(Mark.OverloadedPartition);
            throw new StorageUnavailableException("429: the client tries again.");
        }

        messages.ForEach(journal.Acknowledge);
        world.Tell($"acknowledged {reply.Status}: {string.Join(' ', messages.Select(message => message.Id))}");
        if (reply.Receipts.Any(receipt => receipt.Duplicate))
        {
            marks.Hit(Mark.DuplicateMessage);
        }

        if (wantsApplied)
        {
            marks.Hit(reply.Status == CollectStatus.Applied ? Mark.AppliedInTime : Mark.AppliedTooLate);
        }

        if (reply.Status == CollectStatus.Applied)
        {
            foreach (Message message in messages)
            {
                await IsVisibleAsync(message);
            }
        }
    }

    /// <summary>
    /// What was answered as applied is in the profile that its anchor leads to. While a split moves the anchor, the owner
    /// that is asked may be the one that has just given it away: then the reader looks again.
    /// </summary>
    private async Task IsVisibleAsync(Message message)
    {
        ProfileView? view = await View(message.Anchor);
        if (
            view is null
            || view.IsOversized
            || !view.Identifiers.Any(one => one.Identifier.ToString() == message.Anchor)
        )
        {
            return;
        }

        ViolationException.ThrowIf(
            !view.Fold.Counters.Any(counter => counter.Name == message.Event),
            "applied is visible",
            () =>
                $"{message} was answered as applied, and {view.CustomerId} (version {view.Version}) lacks '{message.Event}'"
        );
    }

    private Envelope Read(EnvelopeReader reader, Message message, string request, int index)
    {
        using SentBody body = SentBody.OfMessage(message.Json());
        Outcome<Envelope> outcome = reader.Read(
            body[0],
            new MessageContext("simulation", time.GetUtcNow(), null, null, request, index)
        );
        return outcome.Succeeded
            ? outcome.Value
            : throw new ViolationException("answers", $"{message} was refused: {outcome.Refusal.Message}");
    }

    private async Task SplitAsync(Deed.Split split)
    {
        if (await View(split.Identifier) is not { } view)
        {
            return;
        }

        string splitId = NewSplitId();
        ImmutableArray<Identifier> leaving =
        [
            .. view
                .Identifiers.Where((_, index) => (split.Chance >> (index % 64) & 1) == 1)
                .Select(one => one.Identifier),
        ];
        DateTimeOffset at = time.GetUtcNow();
        var request = new SplitRequest(splitId, view.CustomerId, leaving, "a simulation", "steward", at);
        string to = CustomerId.ForSplit(splitId, view.CustomerId, at);
        journal.Splits.Add((to, request));
        SplitReply reply = await Ask(grains => grains.GetGrain<ICustomerGrain>(to).SplitFrom(request));
        marks.Hit(reply.Refused is null && reply.MovedTo is null ? Mark.CustomerSplit : Mark.SplitRefused);
    }

    private async Task RepeatSplitAsync(int which)
    {
        if (journal.Splits.Count == 0)
        {
            return;
        }

        (string to, SplitRequest request) = journal.Splits[which % journal.Splits.Count];
        await Ask(grains => grains.GetGrain<ICustomerGrain>(to).SplitFrom(request));
        marks.Hit(Mark.SplitRepeated);
    }

    private async Task UndoAsync(Deed.Undo undo)
    {
        DecisionRecord[] merges = [.. disk.Decisions.Where(decision => decision.Kind == "merged")];
        if (merges.Length == 0)
        {
            return;
        }

        DecisionRecord merge = merges[undo.Which % merges.Length];
        using JsonDocument payload = JsonDocument.Parse(merge.Payload);
        var request = new UndoRequest(
            merge.Id,
            NewSplitId(),
            [
                .. payload
                    .RootElement.GetProperty("identifiers")
                    .EnumerateArray()
                    .Select(one => Identifier.Parse(one.GetString()!)),
            ],
            "a simulation",
            "steward",
            time.GetUtcNow()
        );
        SplitReply reply = await Ask(grains =>
            grains.GetGrain<ICustomerGrain>(merge.OtherCustomerId!).UndoMerge(request)
        );
        marks.Hit(reply.Refused is null ? Mark.MergeUndone : Mark.UndoRefused);
    }

    private async Task ReadAsync(ImmutableArray<string> identifiers)
    {
        List<Task<ProfileView?>> reads = [.. identifiers.Select(View)];
        foreach (Task<ProfileView?> read in reads)
        {
            await read;
        }
    }

    private async Task FollowAsync(int which)
    {
        DecisionRecord[] merges = [.. disk.Decisions.Where(one => one.Kind == "merged")];
        // Rather one whose heir was merged away as well: its stubs form a chain.
        DecisionRecord[] chained = [.. merges.Where(one => merges.Any(next => next.OtherCustomerId == one.CustomerId))];
        merges = chained.Length > 0 ? chained : merges;
        if (merges.Length > 0)
        {
            string customer = merges[which % merges.Length].OtherCustomerId!;
            await ViewOf(customer, customer);
        }
    }

    private async Task LiftAsync(int which)
    {
        string[] quarantined =
        [
            .. disk.States("identifier")
                .Where(one => one.State.Json.Span.IndexOf("\"quarantine\":"u8) >= 0)
                .Select(one => one.Key),
        ];
        if (quarantined.Length == 0)
        {
            return;
        }

        string identifier = quarantined[which % quarantined.Length];
        if (
            await Ask(grains => grains.GetGrain<IIdentifierGrain>(identifier).LiftQuarantine(isByJob: false))
            is not null
        )
        {
            marks.Hit(Mark.QuarantineLifted);
        }
    }

    private async Task RemindAsync(Deed.Remind remind)
    {
        string? owner = await Ask(grains => grains.GetGrain<IIdentifierGrain>(remind.Identifier).GetOwner());
        if (owner is null)
        {
            return;
        }

        DateTime now = time.GetUtcNow().UtcDateTime;
        await Ask(async grains =>
        {
            await grains
                .GetGrain<ICustomerGrain>(owner)
                .AsReference<IRemindable>()
                .ReceiveReminder(remind.OfSplit ? "split" : "merge", new TickStatus(now, TimeSpan.FromMinutes(1), now));
            return true;
        });
        marks.Hit(Mark.ReminderTwice);
    }

    private async Task ChangeRulesAsync(int variant)
    {
        Process process = await cluster.Serving;
        var live = process.Service<LiveIdentityRules>();
        IdentityRules rules = RulesVariants.Rules(variant);
        IdentityRulesReply reply = await process.Answer(
            process
                .Grains.GetGrain<IIdentityRulesGrain>(GrainKeys.IdentityRules)
                .Put(
                    new IdentityRulesChange(
                        rules.Version,
                        RulesVariants.Yaml(variant),
                        "admin",
                        IdentityRulesOrigin.Put,
                        [],
                        live.BuiltIn.Version
                    )
                ),
            scheduler
        );
        live.Take(reply.Current!, rules);
        marks.Hit(Mark.RulesChanged);
    }

    /// <summary>Another for every try, as the API makes them.</summary>
    private string NewSplitId() => $"d_{++_splits:x32}";
}
