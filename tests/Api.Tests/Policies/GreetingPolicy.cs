using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Policies;

namespace Customer360.Api.Tests.Policies;

/// <summary>All that a kind of policy needs, beside its line of registration: how a greeting is worded.</summary>
internal sealed record Greeting(string Word);

internal sealed class GreetingKind() : PolicyKind<Greeting>("greeting", "word: Hello\n")
{
    public override bool NeedsFourEyes => true;

    public override bool WantsExamples => true;

    public override ImmutableArray<string> Overridable => ["word"];

    protected override Greeting? Read(PolicyFile file) =>
        file.Section("word").RequiredText("word") is { } word ? new Greeting(word) : null;

    protected override void Write(Utf8JsonWriter writer, Greeting policy)
    {
        writer.WriteStartObject();
        writer.WriteString("word"u8, policy.Word);
        writer.WriteEndObject();
    }

    protected override IReadOnlyDictionary<string, string> Decide(Greeting policy, PolicyExample example) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["greeting"] = $"{policy.Word}, {example.Section("name").RequiredText("name")}!",
        };
}
