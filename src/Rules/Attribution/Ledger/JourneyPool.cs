using System.Collections.Immutable;
using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

/// <summary>
/// The journeys of a period for models that need all of them. Of each its course and its amount are kept, and of a course that many went
/// only one.
/// </summary>
internal sealed class JourneyPool(DirectTouches direct)
{
    private readonly Dictionary<string, int> _courses = new(StringComparer.Ordinal);
    private readonly List<(ImmutableArray<string> Channels, long Converted, long Lost)> _paths = [];
    private readonly List<Worth> _worths = [];

    public int Count => _worths.Count;

    /// <param name="residual">Why nothing of it is a channel's, where it has no touch.</param>
    public void Take(ConversionCredit credit, CreditResidual residual)
    {
        ImmutableArray<CreditedTouch> touches = credit.Touches;
        ImmutableArray<string> channels =
        [
            .. CreditRules.StepsOf(direct, touches).Select(index => CreditRules.StepOf(touches[index]).Channel),
        ];
        // A channel has no line break: names come from the policy and the built-in table.
        string course = string.Join('\n', channels);
        if (!_courses.TryGetValue(course, out int path))
        {
            _courses[course] = path = _paths.Count;
            _paths.Add((channels, 0, 0));
        }

        (_, long converted, long lost) = _paths[path];
        bool counts = credit.Standing.Counts;
        _paths[path] = (channels, converted + (counts ? 1 : 0), lost + (counts ? 0 : 1));
        if (counts && credit.Standing.Money is { } money)
        {
            _worths.Add(new Worth(path, money, residual));
        }
    }

    /// <summary>Divides what each journey was worth.</summary>
    /// <param name="give">Currency, channel or null, residual, minor units.</param>
    public void Divide(AttributionModel model, Action<string, string?, CreditResidual, long> give)
    {
        IEnumerable<ChannelPath> paths = _paths.Select(one => new ChannelPath(one.Channels, one.Converted, one.Lost));
        MarkovModel chain =
            model == AttributionModel.Markov2 ? MarkovModel.OfSecondOrder(paths) : MarkovModel.Of(paths);
        ImmutableArray<ulong>[] weights = [.. _paths.Select(one => chain.Weigh(one.Channels))];
        foreach (Worth worth in _worths)
        {
            ImmutableArray<string> channels = _paths[worth.Path].Channels;
            if (channels.IsEmpty)
            {
                give(worth.Money.Currency, null, worth.Residual, worth.Money.Minor);
                continue;
            }

            ImmutableArray<long> parts = LargestRemainder.Divide(worth.Money.Minor, weights[worth.Path].AsSpan());
            for (int index = 0; index < parts.Length; index++)
            {
                bool isWithheld = channels[index] == CreditRules.Withheld;
                give(
                    worth.Money.Currency,
                    isWithheld ? null : channels[index],
                    isWithheld ? CreditResidual.NoConsent : CreditResidual.None,
                    parts[index]
                );
            }
        }
    }

    private readonly record struct Worth(int Path, MoneyValue Money, CreditResidual Residual);
}
