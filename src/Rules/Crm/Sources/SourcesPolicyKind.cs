using System.Text;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Crm.Sources;

/// <summary><c>sources.yaml</c>: the services that send webhooks, how they prove themselves, and how their bodies are read.</summary>
public sealed class SourcesPolicyKind() : PolicyKind<SourcesPolicy>(KindName, BuiltInFile)
{
    public const string KindName = "sources";

    /// <summary>The two CRMs need no mapping, and a source without a secret in the settings is answered 401.</summary>
    private const string BuiltInFile = """
        sources:
          hubspot: {kind: hubspot, verify: {template: hubspot}}
          salesforce: {kind: salesforce, verify: {template: salesforce}}
        """;

    public override bool WantsExamples => true;

    protected override SourcesPolicy? Read(PolicyFile file) => new SourcesReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, SourcesPolicy policy) =>
        SourcesPolicyJson.Write(writer, policy);

    /// <summary>
    /// <c>input: {source, body, headers?: {name: value}}</c> → <c>expect</c>: <c>outcome</c>, per record <c>taken</c>,
    /// <c>skipped</c> or <c>faulty</c> with the reason; <c>messages</c>, <c>identifiers</c>, <c>fields</c>, <c>reads</c> and
    /// <c>forgets</c>, what follows. The signature is not looked at.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(SourcesPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("source", "body", "headers");
        string name = input.RequiredText("source") ?? "";
        string body = input.RequiredText("body") ?? "";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (input.Find("headers") is { IsNothing: false } node)
        {
            foreach (ConfigMember header in example.Section(node).Members)
            {
                headers[header.Name] = header.Value.Text;
            }
        }

        if (policy.Find(name) is not { } source)
        {
            input.Fault("source", "There is no such source in the file.");
            return Described("", []);
        }

        Outcome<WebhookReading> reading = source.Read(
            Encoding.UTF8.GetBytes(body),
            header => headers.GetValueOrDefault(header)
        );
        return reading.Succeeded
            ? Described(string.Join(", ", reading.Value.Items.Select(TextOf)), reading.Value.Items)
            : Described("unreadable", []);
    }

    private static string TextOf(WebhookItem item) =>
        item switch
        {
            WebhookSkipped skipped => $"skipped {skipped.Reason}",
            WebhookFaulty faulty => $"faulty {faulty.Reason} {faulty.Place}".TrimEnd(),
            _ => "taken",
        };

    private static Dictionary<string, string> Described(string outcome, IEnumerable<WebhookItem> items)
    {
        WebhookTaken[] taken = [.. items.OfType<WebhookTaken>()];
        CrmMessage[] messages = [.. taken.SelectMany(one => one.Messages)];
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["outcome"] = outcome,
            ["messages"] = Join(
                messages.Select(one => $"{EventKinds.Text(one.Kind)} {one.Event ?? one.GroupId}".TrimEnd())
            ),
            ["identifiers"] = Join(
                messages.SelectMany(one => one.Ids).Distinct().Select(id => $"{id.Type}:{id.Value}")
            ),
            ["fields"] = Join(
                messages
                    .SelectMany(one => one.Fields)
                    .Select(field => $"{field.Name}={Encoding.UTF8.GetString(field.ValueJson.Span)}")
            ),
            ["reads"] = Join(taken.SelectMany(one => one.Reads).Select(read => $"{read.Object} {read.Id}".TrimEnd())),
            ["forgets"] = Join(
                taken.SelectMany(one => one.Erasures).Select(call => $"{call.Person.Type}:{call.Person.Value}")
            ),
        };
    }

    private static string Join(IEnumerable<string> texts) => string.Join(", ", texts);
}
