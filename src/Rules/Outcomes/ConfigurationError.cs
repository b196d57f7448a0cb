namespace Customer360.Rules.Outcomes;

/// <summary>What is wrong at one place of a configuration file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Rule">The rule that the place belongs to, as a path of names: <c>fields.plan</c>; empty: the file.</param>
/// <param name="Message">For people; without a capital and a full stop.</param>
public sealed record ConfigurationError(int Line, string Rule, string Message)
{
    /// <summary>For example <c>line 4, fields.plan: the strategy 'newest' is not known</c>.</summary>
    public override string ToString() =>
        Rule.Length == 0 ? $"line {Line}: {Message}" : $"line {Line}, {Rule}: {Message}";
}
