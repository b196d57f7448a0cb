using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Simulation.Checkers;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Storage;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Workload;

/// <summary>
/// Does what a plan says, and calls the grains as the API does. What fails is tried again a few times, then
/// left, since nothing was promised. What is answered is noted in the journal and held against later answers.
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
    private int _reads;

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

    /// <summary>Sends all that is not acknowledged until it is, as an SDK with a queue does.</summary>
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

    /// <summary>Asks until there is an answer, because what was under way when the faults ended may still time out.</summary>
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

    /// <summary>
    /// The customer that an identifier leads to, with its profile; null where nobody owns it. It is read from the shelf where it stands there,
    /// as the API reads; every other time by grain calls all the same.
    /// </summary>
    public async Task<ProfileView?> View(string identifier)
    {
        ProfileView? shown = Look(await cluster.Serving, identifier);
        if (shown is not null && ++_reads % 2 == 0)
        {
            journal.WasRead(shown.CustomerId, shown.Version, journal.VersionOf(shown.CustomerId));
            return shown;
        }

        string? customer = await Ask(grains => grains.GetGrain<IIdentifierGrain>(identifier).FindOwner());
        return await ViewOf(customer, identifier);
    }

    /// <summary>What the shelves show for an identifier; checks that it is what a grain call would show.</summary>
    private ProfileView? Look(Process serving, string identifier)
    {
        if (cluster.Lagging is { } lagging && OnShelf.Look(lagging, identifier, disk: null) is not null)
        {
            marks.Hit(Mark.ShelfReadOfLagging);
        }

        // The process may have died since it was asked for, and then nobody reads there.
        ProfileView? shown = serving.IsAlive && !serving.IsLagging ? OnShelf.Look(serving, identifier, disk) : null;
        if (shown is not null)
        {
            ShownToRoles.Check(shown);
            marks.Hit(Mark.ShelfRead);
            if (disk.States(OperationNames.Customer).Any(one => one.State.Json.Span.IndexOf("\"sealed\""u8) >= 0))
            {
                marks.Hit(Mark.ShelfReadAmidstMerge);
            }
        }

        return shown;
    }

    /// <summary>At rest, every name that there is.</summary>
    public async Task CheckShelfAsync()
    {
        Process serving = await cluster.Serving;
        foreach ((string identifier, _) in disk.States("identifier"))
        {
            Look(serving, identifier);
        }

        foreach ((string customer, _) in disk.States(OperationNames.Customer))
        {
            Look(serving, $"{IProfileShelf.CustomerType}:{customer}");
        }
    }

    private async Task<ProfileView?> ViewOf(string? customer, string sought)
    {
        for (int hop = 0; customer is not null; hop++)
        {
            ViolationException.ThrowIf(hop > HopsMax, "forwarding", () => $"stubs lead from {sought} in a circle");
            string asked = customer;
            long atLeast = journal.VersionOf(asked);
            var watch = new TwinWatch(cluster, GrainId.Create(OperationNames.Customer, asked));
            ProfileViewReply reply = await Ask(grains => grains.GetGrain<ICustomerGrain>(asked).GetView());
            if (reply.View is { } view)
            {
                ShownToRoles.Check(view);
                if (!watch.MayBeStale)
                {
                    journal.WasRead(asked, view.Version, atLeast);
                }

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
            Deed.Erase erase => EraseAsync(erase),
            Deed.ChangeRules change => ChangeRulesAsync(change.Variant),
            Deed.JoinGroups join => JoinGroupsAsync(join),
            Deed.SplitGroup split => SplitGroupAsync(split.Group),
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
        bool likesLagging = plan.Settings.LagsLong ? dice.Next(8) != 0 : dice.Next(2) == 0;
        Process process = cluster.Lagging is { } lagging && likesLagging ? lagging : await cluster.Serving;
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

        if (reply.Receipts.Any(receipt => receipt.IsSuppressed))
        {
            marks.Hit(Mark.MessageSuppressed);
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
    /// that is asked may be the one that has just given it away: then the reader looks again. Somebody may be erased meanwhile.
    /// </summary>
    private async Task IsVisibleAsync(Message message)
    {
        var watch = new TwinWatch(cluster, GrainId.Create(OperationNames.Identifier, message.Anchor));
        ProfileView? view = await View(message.Anchor);
        if (
            view is null
            || view.IsOversized
            || watch.MayBeStale
            || cluster.MayBeStale(GrainId.Create(OperationNames.Customer, view.CustomerId))
            || !view.Identifiers.Any(one => one.Identifier.ToString() == message.Anchor)
            // Whom the grid must not know any more it shows no more of.
            || Forgotten.Of(disk, [message.Anchor]).Contains(message.Anchor)
        )
        {
            return;
        }

        ViolationException.ThrowIf(
            !view.Fold.Counters.Any(counter => counter.Name == message.Name),
            "applied is visible",
            () =>
                $"{message} was answered as applied, and {view.CustomerId} (version {view.Version}) lacks '{message.Name}'"
        );
    }

    private Envelope Read(EnvelopeReader reader, Message message, string request, int index)
    {
        using SentBody body = SentBody.OfMessage(message.Json());
        Outcome<Envelope> outcome = reader.Read(
            body[0],
            new MessageContext(message.Source, time.GetUtcNow(), null, null, request, index)
            {
                Trust = message.IsPublic ? SourceTrust.Public : SourceTrust.Server,
            }
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

    private async Task JoinGroupsAsync(Deed.JoinGroups join)
    {
        string? refused = await Ask(grains =>
            grains.JoinCompanies(join.One, join.Other, $"join-{join.Number}", "simulation", time.GetUtcNow())
        );
        marks.Hit(refused is null ? Mark.CompanyMerged : Mark.CompanyMergeRefused);
    }

    private async Task SplitGroupAsync(string groupId)
    {
        string splitId = NewSplitId();
        string from = await Ask(grains => grains.FindCompany(groupId));
        if (CompanyId.ForSplit(splitId, from) is { } to)
        {
            var request = new SplitRequest(
                splitId,
                from,
                [CompanyId.GroupOf(groupId)],
                "a simulation",
                "steward",
                time.GetUtcNow()
            );
            SplitReply reply = await Ask(grains => grains.GetGrain<ICompanyGrain>(to).SplitFrom(request));
            marks.Hit(reply.Refused is null && reply.MovedTo is null ? Mark.CompanySplit : Mark.SplitRefused);
        }
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
        DecisionRecord[] merges = [.. disk.Decisions.Where(decision => decision.Kind == DecisionKinds.Merged)];
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
        List<Task> reads = [.. identifiers.Select(View)];
        if (plan.Settings.Runtime.WritesBesideReaders)
        {
            // These readers wait for storage, two at a time, because only beside such readers can a write begin.
            reads.AddRange(identifiers.Select(TimelineAsync));
            reads.AddRange(identifiers.Select(TimelineAsync));
        }

        foreach (Task read in reads)
        {
            await read;
        }
    }

    private async Task TimelineAsync(string identifier)
    {
        var whole = new TimelineRequest(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Descending: true, 100, null);
        string? customer = await Ask(grains => grains.GetGrain<IIdentifierGrain>(identifier).GetOwner());
        while (customer is { } asked)
        {
            customer = (
                await Ask(grains => grains.GetGrain<ICustomerGrain>(asked).GetTimeline(whole, CancellationToken.None))
            ).MovedTo;
        }
    }

    private async Task FollowAsync(int which)
    {
        DecisionRecord[] merges = [.. disk.Decisions.Where(one => one.Kind == DecisionKinds.Merged)];
        // It prefers one whose heir was merged away as well, because its stubs form a chain.
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

    private async Task EraseAsync(Deed.Erase erase)
    {
        string id = $"p_{erase.Number:x32}";
        journal.Erasures.Add(id);
        await Ask(grains =>
            grains
                .GetGrain<IPrivacyRequestGrain>(id)
                .Begin(
                    new PrivacyRequestAsk(
                        PrivacyRequestKind.Erasure,
                        [Identifier.Parse(erase.Identifier)],
                        "officer",
                        ClientId: null
                    )
                )
        );
        marks.Hit(Mark.ErasureAsked);
    }

    /// <summary>Waits until every erasure that was taken is carried out. Where it is asked who is meant, all are.</summary>
    public async Task SeeErasuresDoneAsync()
    {
        foreach (string id in journal.Erasures)
        {
            while (
                await AskPatiently(grains => grains.GetGrain<IPrivacyRequestGrain>(id).Get())
                    is { Status: not PrivacyRequestStatus.Done } request
            )
            {
                if (request.Status == PrivacyRequestStatus.NeedsDecision)
                {
                    marks.Hit(Mark.ErasureDecided);
                    await AskPatiently(grains =>
                        grains
                            .GetGrain<IPrivacyRequestGrain>(id)
                            .Decide([.. request.Candidates.Select(one => one.CustomerId)], "officer")
                    );
                }

                await Task.Delay(s_pause, time);
            }
        }
    }

    private async Task ChangeRulesAsync(int variant)
    {
        Process process = await cluster.Serving;
        PolicyReply reply = await process.Answer(
            process
                .Grains.GetGrain<IPolicyGrain>(IdentityPolicyKind.KindName)
                .Put(new PolicyPut(RulesVariants.Yaml(variant), "admin", PolicyAction.Put, [])),
            scheduler
        );
        process.Service<IPolicyNode>().Follow(reply.Current!);
        marks.Hit(Mark.RulesChanged);
    }

    /// <summary>Makes another id for every try, as the API does.</summary>
    private string NewSplitId() => $"d_{++_splits:x32}";
}
