using System.Collections.Immutable;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>The headers that a mapping looks into. No other header of a request is anybody's business afterwards.</summary>
public static class MappingHeaders
{
    /// <summary>Their names, each once.</summary>
    public static ImmutableArray<string> Of(RecordMapping mapping) =>
        [
            .. mapping
                .Rules.SelectMany(ValuesOf)
                .Append(mapping.Id)
                .Select(value => value?.HeaderName)
                .OfType<string>()
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    private static IEnumerable<ValueSource?> ValuesOf(MappingRule rule) =>
        rule
            .When.Select(condition => condition.Value)
            .Concat(rule.Identifiers.Select(identifier => identifier.Value))
            .Concat(rule.Fields.Select(field => field.Value))
            .Concat(rule.Fields.Select(field => field.Currency).OfType<ValueSource>())
            .Concat(new[] { rule.Event, rule.Group, rule.Time, rule.Object, rule.Record }.OfType<ValueSource>());
}
