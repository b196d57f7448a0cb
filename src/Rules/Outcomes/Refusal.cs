namespace Customer360.Rules.Outcomes;

/// <summary>An expected refusal. Each kind is a record of its own; one switch in the API maps them to HTTP.</summary>
/// <param name="Code">Stable, lower case with underscores: what programs compare.</param>
/// <param name="Message">One sentence for people. It never holds a value from the message or a person's data.</param>
public abstract record Refusal(string Code, string Message);
