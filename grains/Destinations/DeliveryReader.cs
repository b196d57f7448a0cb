using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Quality;

namespace Customer360.Grains;

/// <summary>
/// Reads what an effect is about when it is sent, as the destination's role may see it. With <see cref="DeliveryContent"/> it is the gate
/// of what leaves the grid; the API's is <c>ProfileAccess</c>, and both ask the same rules.
/// </summary>
public sealed class DeliveryReader(
    IGrainFactory grains,
    IEventLog log,
    AccessTables access,
    IPolicy<ConsentPolicy> consent,
    IPolicy<MastershipPolicy> mastership,
    TimeProvider time
)
{
    private const int HopsMax = 100;

    /// <summary>What is sent, or null and why nothing is.</summary>
    public async Task<(DeliveryContent? Content, string Withheld)> Read(Destination destination, OutboxItem item)
    {
        // A destination that is told of alerts alone has no role: then nothing of a person is sent there.
        AccessRight? right = null;
        if (destination.Role.Length > 0)
        {
            Outcome<AccessRight> decided = access.Decide(
                RoleSet.Of(Roles.None, [destination.Role], []),
                new Purpose(destination.Purpose)
            );
            right = decided.Succeeded ? decided.Value : null;
        }

        DeliveryFacts facts = await FactsOf(item.Effect);
        return DeliveryContent.Of(
            destination,
            item,
            facts,
            new DeliveryPolicies(right, consent.Current, mastership.Current),
            time.GetUtcNow()
        );
    }

    private async Task<DeliveryFacts> FactsOf(Effect effect)
    {
        if (effect.Kind is EffectKind.PersonErased or EffectKind.CustomersMerged or EffectKind.CustomerSplit)
        {
            return new DeliveryFacts(effect.CustomerId, View: null, HasMoved: false);
        }

        if (effect.Kind == EffectKind.QualityAlert)
        {
            ReadOnlyMemory<byte> alert = await grains.GetGrain<IQualityCheckGrain>(effect.Name).FindAlert(effect.Cause);
            return new DeliveryFacts(effect.CustomerId, View: null, HasMoved: false)
            {
                Alert = alert.IsEmpty ? null : QualityJson.ReadAlert(alert),
            };
        }

        Envelope? message = effect.Kind == EffectKind.Message ? await FindMessage(effect) : null;
        LeadFile? lead = effect.Kind == EffectKind.LeadHandoff ? await FindLead(effect.Name) : null;
        if (await OwnerNow(effect, message, lead) is not { } customerId)
        {
            return new DeliveryFacts(effect.CustomerId, View: null, HasMoved: false);
        }

        ProfileViewReply reply = await grains.GetGrain<ICustomerGrain>(customerId).GetView();
        for (int hop = 0; reply.MovedTo is { } movedTo; hop++)
        {
            if (hop == HopsMax)
            {
                throw new InvalidOperationException("Forwarding stubs lead in a circle.");
            }

            customerId = movedTo;
            reply = await grains.GetGrain<ICustomerGrain>(customerId).GetView();
        }

        if (
            message is not null
            && reply.View is { IsOversized: false } view
            && view.Identifiers.All(one => one.Identifier != message.Anchor)
        )
        {
            throw new RaceLostException("A message is changing hands.");
        }

        return new DeliveryFacts(customerId, reply.View, customerId != effect.CustomerId)
        {
            Message = message,
            Lead = lead,
        };
    }

    /// <summary>
    /// Whose it is. A split may have taken a message or a lead away since it was caused: what is sent of it is the person's who has it now,
    /// and so are the consent and the fields. Null: nobody's any more.
    /// </summary>
    private async Task<string?> OwnerNow(Effect effect, Envelope? message, LeadFile? lead) =>
        message is not null ? await grains.GetGrain<IIdentifierGrain>(message.Anchor.ToString()).FindOwner()
        : lead is { CustomerId.Length: > 0 } ? lead.CustomerId
        : effect.CustomerId;

    private async Task<Envelope?> FindMessage(Effect effect)
    {
        if (Effect.PlaceOf(effect.Cause) is not { } place)
        {
            return null;
        }

        ImmutableArray<LogRow> rows = await log.ReadPartitionAsync(
            place.Partition,
            place.Position - 1,
            1,
            CancellationToken.None
        );
        return rows is [var row] && row.Position == place.Position ? EnvelopeReader.FromJson(row.Payload) : null;
    }

    private async Task<LeadFile?> FindLead(string leadId)
    {
        ReadOnlyMemory<byte> file = await grains.GetGrain<ILeadGrain>(leadId).Get();
        return file.IsEmpty ? null : LeadFileJson.Read(file);
    }
}
