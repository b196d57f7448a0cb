using Customer360.Rules.Attribution;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>Journeys and files as the tests write them.</summary>
internal static class Journeys
{
    public static readonly DateTimeOffset ConvertedAt = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A journey of channels, each so many days before the conversion.</summary>
    public static Journey Of(params (string Channel, double DaysBefore)[] steps) =>
        new(
            [
                .. steps.Select(step => new JourneyStep(
                    ConvertedAt.AddDays(-step.DaysBefore),
                    step.Channel,
                    step.Channel == ChannelGroups.Direct
                )),
            ],
            ConvertedAt
        );

    /// <summary>A journey of channels, a day apart.</summary>
    public static Journey Of(params string[] channels) =>
        Of([.. channels.Select((channel, index) => (channel, (double)(channels.Length - index)))]);

    public static long[] Credit(AttributionModel model, Journey journey, long minor, JourneyModels? models = null) =>
        [.. LargestRemainder.Divide(minor, (models ?? JourneyModels.Usual).Weigh(model, journey).AsSpan())];

    public static AttributionPolicy Policy(string text)
    {
        PolicyReading<AttributionPolicy> read = new AttributionPolicyKind().ReadFile(text, SmallYaml.Instance);
        Assert.Empty(read.Faults.Select(fault => fault.ToString()));
        return read.Body!.Base;
    }

    public static MoneyValue Euro(decimal amount) => new((long)(amount * 100), "EUR");

    public static JourneyTouch Touch(
        double daysBefore,
        string source,
        string medium,
        long position,
        DateTimeOffset? convertedAt = null
    )
    {
        DateTimeOffset at = (convertedAt ?? ConvertedAt).AddDays(-daysBefore);
        TrafficSource from = source.Length == 0 ? TrafficSource.Unknown : new TrafficSource(source, medium, null);
        return new JourneyTouch(at, new LogPlace(0, position), from, ChannelGroups.Of(from), TouchEvidence.Tag);
    }

    public static JourneyKnown Known(params JourneyTouch[] touches) =>
        new([.. touches.Select(touch => new PersonTouch("c_1", touch, MayBeUsed: true))]);

    public static ConversionStatement Statement(
        StatementKind kind,
        long position,
        DateTimeOffset at,
        MoneyValue? money = null
    ) => new(new LogPlace(1, position), at, kind, money);
}
