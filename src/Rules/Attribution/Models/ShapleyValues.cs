using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>
/// The Shapley value of channels in the game "a set of channels is worth what was converted by journeys that needed no other": in closed
/// form each journey's worth, divided evenly among its different channels.
/// </summary>
public static class ShapleyValues
{
    /// <summary>By channel; the values add up to all that was converted.</summary>
    public static ImmutableSortedDictionary<string, Fraction> Of(IEnumerable<ChannelPath> paths)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, Fraction>(StringComparer.Ordinal);
        foreach (ChannelPath path in paths)
        {
            string[] channels = [.. path.Channels.Distinct(StringComparer.Ordinal)];
            foreach (string channel in channels)
            {
                values[channel] = values.GetValueOrDefault(channel) + new Fraction(path.Converted, channels.Length);
            }
        }

        return values.ToImmutable();
    }

    /// <summary>The same by channel and the place (from 1) at which it first stood among the different channels of the journey.</summary>
    public static ImmutableSortedDictionary<(string Channel, int Place), Fraction> Ordered(
        IEnumerable<ChannelPath> paths
    )
    {
        var values = ImmutableSortedDictionary.CreateBuilder<(string Channel, int Place), Fraction>();
        foreach (ChannelPath path in paths)
        {
            string[] channels = [.. path.Channels.Distinct(StringComparer.Ordinal)];
            for (int index = 0; index < channels.Length; index++)
            {
                (string, int) key = (channels[index], index + 1);
                values[key] = values.GetValueOrDefault(key) + new Fraction(path.Converted, channels.Length);
            }
        }

        return values.ToImmutable();
    }

    /// <summary>
    /// Another game: a set is worth the rate at which journeys of exactly that set convert, so it needs those that came to nothing, and a
    /// channel may be worth less than nothing. It grows with 2 to the number of channels.
    /// </summary>
    /// <exception cref="ArgumentException">There are more than 12 channels.</exception>
    public static ImmutableSortedDictionary<string, Fraction> OfRates(IEnumerable<ChannelPath> paths)
    {
        ChannelPath[] all = [.. paths];
        string[] channels =
        [
            .. all.SelectMany(path => path.Channels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        if (channels.Length > RateChannelsMax)
        {
            throw new ArgumentException("There are too many channels for this game.", nameof(paths));
        }

        var converted = new long[1 << channels.Length];
        var journeys = new long[1 << channels.Length];
        foreach (ChannelPath path in all)
        {
            int set = path.Channels.Aggregate(0, (bits, channel) => bits | (1 << Array.IndexOf(channels, channel)));
            converted[set] += path.Converted;
            journeys[set] += path.Converted + path.Lost;
        }

        var factorials = new long[channels.Length + 1];
        factorials[0] = 1;
        for (int number = 1; number <= channels.Length; number++)
        {
            factorials[number] = factorials[number - 1] * number;
        }

        return channels
            .Select((channel, index) => KeyValuePair.Create(channel, ValueOf(index)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

        Fraction ValueOf(int index)
        {
            Fraction value = Fraction.Zero;
            for (int set = 0; set < journeys.Length; set++)
            {
                if ((set & (1 << index)) == 0)
                {
                    int size = int.PopCount(set);
                    var weight = new Fraction(
                        factorials[size] * factorials[channels.Length - size - 1],
                        factorials[channels.Length]
                    );
                    value += weight * (RateOf(set | (1 << index)) - RateOf(set));
                }
            }

            return value;
        }

        Fraction RateOf(int set) => journeys[set] == 0 ? Fraction.Zero : new Fraction(converted[set], journeys[set]);
    }

    private const int RateChannelsMax = 12;
}
