using Customer360.Rules.Conditions;

namespace Customer360.Rules.Attribution;

/// <summary>What conditions of channels may ask.</summary>
public static class ChannelFacts
{
    public static FactCatalog Catalog { get; } =
        new(
            [
                new("source", FactKind.Text),
                new("medium", FactKind.Text),
                new("campaign", FactKind.Text),
                new("content", FactKind.Text),
                new("term", FactKind.Text),
                new("category", FactKind.Text),
            ],
            open: null
        );

    public static FactSet Of(TrafficSource source) =>
        new(
            new (string Name, string? Text)[]
            {
                ("source", source.Source),
                ("medium", source.Medium),
                ("campaign", source.Campaign),
                ("content", source.Content),
                ("term", source.Term),
                (
                    "category",
                    SourceCategories.Of(source.Source) is var category && category != SourceCategory.None
                        ? category.ToString().ToLowerInvariant()
                        : null
                ),
            }
                .Where(one => one.Text is not null)
                .Select(one => KeyValuePair.Create(one.Name, FactValue.Of(one.Text!)))
        );
}
