using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Attribution;

/// <summary>Who gets the credit for a conversion.</summary>
public enum AttributionModel
{
    /// <summary>The first touch has all.</summary>
    First = 1,

    /// <summary>The last touch has all.</summary>
    Last = 2,

    /// <summary>The last touch that is not direct; where all are, the last.</summary>
    LastNonDirect = 3,

    /// <summary>All touches have the same.</summary>
    Linear = 4,

    /// <summary>40 % the first, 40 % the last, 20 % what is between; of two each half, of one all.</summary>
    Position = 5,

    /// <summary>30 % each the first touch, the one that made the lead and the one that made the opportunity; 10 % the others.</summary>
    WShaped = 6,

    /// <summary>22.5 % each the first touch, the lead's, the opportunity's and the last one before the close; 10 % the others.</summary>
    FullPath = 7,

    /// <summary>Half as much for each half-life that a touch lies before the conversion.</summary>
    TimeDecay = 8,

    /// <summary>Each different channel of the journey has the same: the Shapley value of "a journey converts with its channels".</summary>
    Shapley = 9,

    /// <summary>By how much less would convert without the channel, over all journeys of the report, those that came to nothing too.</summary>
    Markov = 10,

    /// <summary>The same, where what follows depends on the last two channels of a journey and not on the last alone.</summary>
    Markov2 = 11,
}

/// <summary>The words for models, in files and on the wire.</summary>
public static class AttributionModels
{
    /// <summary>Those that one journey decides alone. The others need all journeys of a period, so they are worked out in reports.</summary>
    public static ImmutableArray<AttributionModel> OfOneJourney { get; } =
    [.. Enum.GetValues<AttributionModel>().Where(model => !NeedsAllJourneys(model))];

    public static ImmutableArray<string> Words { get; } = [.. Enum.GetValues<AttributionModel>().Select(WordOf)];

    public static string WordOf(AttributionModel model) => JsonNamingPolicy.CamelCase.ConvertName(model.ToString());

    /// <summary>It needs the journeys of a whole period, and those that came to nothing.</summary>
    public static bool NeedsAllJourneys(AttributionModel model) =>
        model is AttributionModel.Markov or AttributionModel.Markov2;

    /// <summary>Null where there is no such model.</summary>
    public static AttributionModel? Find(string word)
    {
        foreach (AttributionModel model in Enum.GetValues<AttributionModel>())
        {
            if (WordOf(model) == word)
            {
                return model;
            }
        }

        return null;
    }
}
