using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What is credited anew though no message says anything of it: other rules, grants that end, people who become known.</summary>
public sealed partial class AttributionGrain
{
    private const int MembersMax = 500;

    /// <summary>A deal may have named her before she was known: it waits under each identifier that nobody had.</summary>
    private async Task<bool> Meet(Effect effect)
    {
        ProfileViewReply reply = await ViewOf(effect.CustomerId);
        foreach (ProfileIdentifier one in reply.View?.Identifiers ?? [])
        {
            if (!await LookAtAwaited(AwaitedConversions.KeyOf(one.Identifier), effect))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Touches of a new member count for the deals of her company. It may know of her a moment later than she does.</summary>
    private async Task<bool> Join(Effect effect)
    {
        string groupId = effect.Name[AttributionEffects.Joined.Length..];
        AccountReply? account = await GrainFactory.FindAccount(groupId, new AccountQuery(null, MembersMax));
        ProfileViewReply reply = await ViewOf(effect.CustomerId);
        HashSet<Identifier> members = [.. account?.Members.Select(member => member.Identifier) ?? []];
        bool isMember = reply.View is not { } view || view.Identifiers.Any(one => members.Contains(one.Identifier));
        if (!isMember && time.GetUtcNow() - effect.At < s_followedBy)
        {
            return false;
        }

        foreach (string group in account is { GroupIds.IsDefaultOrEmpty: false } ? account.GroupIds : [groupId])
        {
            ImmutableArray<string> conversions = await GrainFactory
                .GetGrain<ICustomerConversionsGrain>(AwaitedConversions.KeyOfGroup(group))
                .GetAll();
            if (!await LookAt(conversions, LookOf(RestatementReason.PeopleChanged, effect.Cause)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Those that wait under a key; they wait no more when they have been looked at.</summary>
    private async Task<bool> LookAtAwaited(string key, Effect effect)
    {
        ICustomerConversionsGrain waiting = GrainFactory.GetGrain<ICustomerConversionsGrain>(key);
        ImmutableArray<string> conversions = await waiting.GetAll();
        if (!await LookAt(conversions, LookOf(RestatementReason.PeopleChanged, effect.Cause)))
        {
            return false;
        }

        if (!conversions.IsEmpty)
        {
            await waiting.Remove(conversions);
        }

        return true;
    }

    private async Task<ProfileViewReply> ViewOf(string customerId) =>
        (
            await Stubs.Follow(
                customerId,
                id => GrainFactory.GetGrain<ICustomerGrain>(id).GetView(),
                static reply => reply.MovedTo
            )
        ).Reply;

    /// <summary>Looks at what used a grant that has ended since, hour by hour; a crash goes on behind the last hour.</summary>
    private async Task LookAtLapsed()
    {
        if (policy.Current.IsEmpty)
        {
            return;
        }

        if (stored.State.LapsedUntil is not { } until)
        {
            // Conversions register from now on: nothing waits in an hour that is over.
            await Save(stored.State with { LapsedUntil = AwaitedConversions.HourOf(time.GetUtcNow()) });
            return;
        }

        foreach (DateTimeOffset hour in AwaitedConversions.HoursOver(until, time.GetUtcNow()))
        {
            for (int part = 0; part < AwaitedConversions.HourParts && !IsStopping; part++)
            {
                ICustomerConversionsGrain waiting = GrainFactory.GetGrain<ICustomerConversionsGrain>(
                    AwaitedConversions.KeyOfHour(hour, part)
                );
                ImmutableArray<string> conversions = await waiting.GetAll();
                if (!await LookAt(conversions, LookOf(RestatementReason.ConsentChanged, "consent:lapsed")))
                {
                    // A node does not know the policy yet: the next ring goes on.
                    return;
                }

                await waiting.Clear();
            }

            if (IsStopping)
            {
                return;
            }

            await Save(stored.State with { LapsedUntil = hour.AddHours(1) });
        }
    }

    /// <summary>The policies that decide credit: attribution's, and which consent a purpose needs.</summary>
    private string Version => $"{policy.Current.Version} {consent.InForce.Body.Version}";

    /// <summary>Where a policy is another, everything is credited anew, page by page; a crash goes on behind the last page.</summary>
    private async Task CreditAnew()
    {
        string version = Version;
        // Where it was on its way to other rules, and these are back, what has been credited by those is credited anew once more.
        if ((stored.State.Version == version && stored.State.Next is null) || policy.Current.IsEmpty)
        {
            return;
        }

        if (stored.State.Next != version)
        {
            await Save(stored.State with { Next = version, After = "" });
        }

        bool isByConsent = stored.State.Version.Split(' ')[0] == policy.Current.Version;
        ConversionLook look = isByConsent
            ? LookOf(RestatementReason.ConsentChanged, $"policy:{consent.InForce.Body.Version}")
            : LookOf(RestatementReason.RulesChanged, $"policy:{policy.Current.Version}");
        while (!IsStopping && Version == version)
        {
            ImmutableArray<ScannedState> page = await scan.ReadPageAsync(
                GrainKeys.ConversionState,
                stored.State.After,
                LookedAtOnce,
                CancellationToken.None
            );
            if (page.IsEmpty)
            {
                await Save(stored.State with { Version = version, Next = null, After = "" });
                return;
            }

            bool[] looked = await Task.WhenAll(page.Select(one => LookOrSkip(one.Key, look)));
            if (!looked.All(one => one))
            {
                // A node does not know the policy yet: the next ring goes on.
                return;
            }

            await Save(stored.State with { After = page[^1].Key });
            // What happens now is not held up by what was: it goes between two pages.
            await WorkOff();
        }
    }

    /// <summary>One that fails for a reason of its own is left as it was, and told: those behind it are credited all the same.</summary>
    private async Task<bool> LookOrSkip(string conversion, ConversionLook look)
    {
        try
        {
            return await GrainFactory.GetGrain<IConversionGrain>(conversion).Look(look);
        }
        catch (Exception error) when (!Outages.Is(error))
        {
            logger.NotCreditedAnew(conversion, error.GetType().Name, error.StackTrace ?? "");
            return true;
        }
    }
}
