using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Simulation.World;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Simulation.Workload;

/// <summary>
/// The destinations of runs that have some: one is told every message, for a purpose that needs no consent; the other all that happens to
/// persons who have said yes to profiling.
/// </summary>
internal static class DestinationsOfRuns
{
    public const string Everything = "everything";
    public const string Consented = "consented";
    private const string Reports = "reports";
    private const string Role = "receiver";

    private static readonly FixedPolicy<DestinationPolicy> s_destinations = new(
        new DestinationPolicy(
            Named(
                (
                    Everything,
                    Of(Everything, Reports, EffectKind.Message, EffectKind.CustomersMerged, EffectKind.CustomerSplit)
                ),
                (
                    Consented,
                    Of(
                        Consented,
                        Message.PersonPurpose,
                        EffectKind.ProfileChanged,
                        EffectKind.Message,
                        EffectKind.AudienceEntered,
                        EffectKind.AudienceLeft
                    )
                )
            )
        ),
        "1"
    );

    private static readonly FixedPolicy<ConsentPolicy> s_consent = new(
        new ConsentPolicy(
            [
                new ConsentPurpose(Message.DevicePurpose) { Scope = ConsentScope.Device },
                new ConsentPurpose(Message.PersonPurpose),
                new ConsentPurpose(Reports) { Choice = ConsentChoice.None },
            ],
            [],
            new Dictionary<string, ImmutableArray<ConsentPlace>>(StringComparer.Ordinal)
            {
                [ConsentPolicy.Any] = [new ConsentPlace("segment", "context.consent")],
            }.ToImmutableDictionary(StringComparer.Ordinal)
        )
        {
            Devices = ["anonymous_id", "ga_client_id"],
        },
        "1"
    );

    private static readonly FixedPolicy<AccessPolicy> s_access = new(AccessOfReceiver(), "1");

    public static void AddTo(IServiceCollection services, WorldLoop world, Process process, Receiver receiver)
    {
        services.AddSingleton<IPolicy<DestinationPolicy>>(s_destinations);
        services.AddSingleton<IPolicy<ConsentPolicy>>(s_consent);
        services.AddSingleton<IPolicy<AccessPolicy>>(s_access);
        services.AddSingleton<IDestinationSecrets, Secrets>();
        services.AddSingleton<IDeliverySender>(new SimulatedSender(world, process, receiver));
        services.AddSingleton<IMeterFactory, NoMeters>();
    }

    private static Destination Of(string name, string purpose, params ImmutableArray<EffectKind> effects) =>
        new(
            name,
            DestinationKind.Webhook,
            $"https://receiver.example/{name}",
            purpose,
            Role,
            new PolicyOwner("simulation", "simulation")
        )
        {
            Secrets = ["HOOK"],
            Effects = effects,
            Limits = new DestinationLimits
            {
                Timeout = TimeSpan.FromSeconds(5),
                Concurrent = 4,
                PerSecond = 100,
            },
        };

    private static AccessPolicy AccessOfReceiver()
    {
        var everything = ImmutableSortedDictionary<FieldName, FieldSight>.Empty.Add(
            new FieldName(FieldClass.Public, default),
            FieldSight.Shown
        );
        return new AccessPolicy(
            Message
                .Types.ToImmutableSortedDictionary(type => FieldPattern.Parse(type)!.Value, _ => FieldClass.Public)
                .Add(FieldPattern.Parse("plan")!.Value, FieldClass.Public),
            // What is asked of consent is asked by the destination alone.
            Named((Message.PersonPurpose, false), (Reports, false)),
            Named(
                (
                    Role,
                    new AccessRole(
                        new AccessGrant(everything, FieldSets.Messages, NeedsConsent: false),
                        Named((Message.PersonPurpose, AccessGrant.Nothing), (Reports, AccessGrant.Nothing)),
                        Write: null
                    )
                )
            )
        );
    }

    private static ImmutableSortedDictionary<string, T> Named<T>(params (string Name, T Value)[] members) =>
        members.ToImmutableSortedDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);

    private sealed class Secrets : IDestinationSecrets
    {
        private static readonly string s_secret =
            $"whsec_{Convert.ToBase64String(Encoding.UTF8.GetBytes("a secret of the simulation"))}";

        public ImmutableArray<string> Of(ImmutableArray<string> names) => [.. names.Select(_ => s_secret)];
    }

    /// <summary>The runtime keeps every meter until it is disposed, and a process that is killed disposes nothing.</summary>
    private sealed class NoMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options.Name);
            meter.Dispose();
            return meter;
        }

        public void Dispose() { }
    }
}
