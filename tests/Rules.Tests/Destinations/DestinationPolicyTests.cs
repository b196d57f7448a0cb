using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What a destinations file may say, and what is told of one that is wrong.</summary>
public sealed class DestinationPolicyTests
{
    private static readonly DestinationPolicyKind s_kind = new();

    [Fact]
    public void Read_OfTheSample_IsValidAndHasAllThatItShows()
    {
        PolicyReading<DestinationPolicy> reading = s_kind.ReadFile(
            SmallYaml.Sample("destinations"),
            SmallYaml.Instance
        );

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
        DestinationPolicy policy = reading.Body!.Base;
        Assert.Equal(["ads", "crm", "crm-hook", "warehouse"], policy.Destinations.Keys);
        Destination hook = policy.Find("crm-hook")!;
        Assert.Equal(["CRM_HOOK", "CRM_HOOK_NEXT"], hook.Secrets.AsEnumerable());
        Assert.Equal(TimeSpan.FromMinutes(1), hook.Freshness);
        Assert.Equal("sales-operations", policy.Find("crm")!.Owner.Team);
        Assert.Equal(4, policy.Find("crm")!.Crm!.Fields.Count);
        Assert.Equal("POST", policy.Find("ads")!.Http!.Method);
        Assert.Equal(["type", "identifiers.email"], policy.Find("ads")!.Http!.Correction!.Paths);
        Assert.False(policy.Find("warehouse")!.Files!.IsCsv);
    }

    [Fact]
    public void Read_OfTheBuiltInFile_IsValidAndSendsNothing()
    {
        Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));
        Assert.True(s_kind.ReadFile(s_kind.BuiltIn, SmallYaml.Instance).Body!.Base.Demand.IsNothing);
    }

    [Fact]
    public void Read_OfADestinationOfAlertsAlone_NeedsNeitherPurposeNorRole()
    {
        const string Alerts = """
            owner: {team: data, contact: data}
            destinations:
              slack: {kind: http, address: "https://hooks.slack.com/x", effects: [quality.alert], body: {text: $.alert.summary}}
            """;

        DestinationPolicy policy = s_kind.ReadFile(Alerts, SmallYaml.Instance).Body!.Base;
        Assert.Equal(("", ""), (policy.Find("slack")!.Purpose, policy.Find("slack")!.Role));
        Assert.Empty(policy.Demand.Purposes);
        Assert.Contains(
            SmallYaml.Faults(
                s_kind,
                Alerts.Replace("[quality.alert]", "[quality.alert, message]", StringComparison.Ordinal)
            ),
            fault => fault.Contains("slack.purpose: It is missing.", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("address: http://hooks.example.com", "It must be an absolute URL with https.")]
    [InlineData("address: https://user:word@hooks.example.com", "The address must have neither a user nor a fragment.")]
    [InlineData("address: https://{customerId}.example.com/x", "Values may stand behind the host only.")]
    [InlineData("address: https://hooks.example.com/{traits.plan}", "Only 'http' fills values into its address.")]
    [InlineData("secrets: []", "It must name the setting that holds its secret.")]
    [InlineData("effects: []", "It must name what is sent")]
    [InlineData("effects: [person.erased]", "It is told to whoever was sent the person before, and can't be chosen.")]
    [InlineData("effects: [profile.lost]", "There is no such effect.")]
    [InlineData("messages: [Order]", "Its effects do not name message.")]
    [InlineData("limits: {concurrent: 0}", "It must be a whole number from 1 to 256.")]
    [InlineData("kind: pigeon", "It must be one of: webhook, http, files, hubSpot, salesforce.")]
    [InlineData("object: contacts", "The kind 'webhook' has none.")]
    [InlineData("map: {a: {from: customerId}}", "The kind 'webhook' has none.")]
    [InlineData("freshness: 0", "It must be a whole number from 1 to 604800.")]
    [InlineData("correction: {method: DELETE}", "The kind 'webhook' has none.")]
    public void Read_OfAWebhookThatIsWrong_SaysWhat(string line, string message)
    {
        string file = $$"""
            owner: {team: growth, contact: growth}
            destinations:
              hook:
                kind: webhook
                address: https://hooks.example.com
                secrets: [HOOK]
                purpose: ads
                role: sales
                effects: [profile.changed]
            """;
        string name = line.Split(':')[0];
        string[] lines =
        [
            .. file.Split('\n').Where(one => !one.TrimStart().StartsWith($"{name}:", StringComparison.Ordinal)),
            $"    {line}",
        ];

        Assert.Contains(
            SmallYaml.Faults(s_kind, string.Join('\n', lines)),
            fault => fault.ToString()!.Contains(message, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("{from: traits.plan, as: [rot13]}", "There is no such rule.")]
    [InlineData("{from: secrets.all}", "There is no such path.")]
    [InlineData("{value: [1]}", "It must be one literal")]
    public void Read_OfATemplateThatIsWrong_SaysWhat(string field, string message) =>
        Assert.Contains(
            SmallYaml.Faults(
                s_kind,
                $$"""
                owner: {team: growth, contact: growth}
                destinations:
                  ads:
                    kind: http
                    address: https://ads.example.com/{name}
                    purpose: ads
                    role: sales
                    effects: [audience.entered]
                    body:
                      user: {{field}}
                """
            ),
            fault => fault.ToString()!.Contains(message, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("kind: http", "correction: {method: GET}", "It must be one of: POST, PUT, PATCH, DELETE.")]
    [InlineData("kind: http", "correction: {address: http://ads.example.com}", "an absolute URL with https")]
    [InlineData("kind: http", "correction: {address: \"https://{name}.example.com\"}", "behind the host only")]
    [InlineData("kind: http", "correction: {body: {id: $.secrets}}", "There is no such path.")]
    [InlineData("kind: http", "correction: {headers: {}}", "There is no such rule here.")]
    [InlineData(
        "kind: hubSpot",
        "object: contacts\nkey: id\nmap: {id: $.customerId}",
        "It must come from an identifier"
    )]
    [InlineData("kind: hubSpot", "object: contacts\nkey: id\nmap: {id: {value: 7}}", "It must come from an identifier")]
    [InlineData("kind: salesforce", "object: ../Lead\nkey: E__c\nmap: {E__c: $.identifiers.email}", "100 at most")]
    [InlineData("kind: salesforce", "object: Lead\nkey: ..\nmap: {..: $.identifiers.email}", "100 at most")]
    [InlineData("kind: files", "format: csv\nmap: {email: $.identifiers.email}", "CSV needs a column {from: type}")]
    public void Read_OfCorrectionsThatAreWrong_SaysWhat(string kind, string more, string message)
    {
        string address = kind == "kind: files" ? "folder" : "https://ads.example.com/x";
        Assert.Contains(Faults(kind, address, more), fault => fault.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kind: http", "correction: {method: DELETE, address: \"https://ads.example.com/{identifiers.email}\"}")]
    [InlineData("kind: hubSpot", "object: contacts\nkey: email\nmap: {email: $.identifiers.email}")]
    [InlineData("kind: files", "format: csv\nmap: {what: $.type, email: $.identifiers.email}")]
    public void Read_OfCorrectionsThatAreRight_HasNoFault(string kind, string more) =>
        Assert.Empty(Faults(kind, kind == "kind: files" ? "folder" : "https://ads.example.com/x", more));

    private static string[] Faults(string kind, string address, string more)
    {
        string[] lines =
        [
            "owner: {team: growth, contact: growth}",
            "destinations:",
            "  ads:",
            $"    {kind}",
            $"    address: {address}",
            "    secrets: [TOKEN]",
            "    purpose: ads",
            "    role: sales",
            "    effects: [profile.changed]",
            .. more.Split('\n').Select(line => $"    {line}"),
        ];
        return SmallYaml.Faults(s_kind, string.Join('\n', lines));
    }

    [Fact]
    public void Read_WithoutAnOwner_IsRefused() =>
        Assert.Contains(
            SmallYaml.Faults(
                s_kind,
                """
                destinations:
                  hook:
                    kind: webhook
                    address: https://hooks.example.com
                    secrets: [HOOK]
                    purpose: ads
                    role: sales
                    effects: [profile.changed]
                """
            ),
            fault => fault.ToString()!.Contains("owner", StringComparison.Ordinal)
        );

    [Fact]
    public void Version_FollowsWhatIsSent_AndNotTheComments()
    {
        string sample = SmallYaml.Sample("destinations");

        Assert.Equal(Version(sample), Version("# other words\n" + sample));
        Assert.NotEqual(
            Version(sample),
            Version(sample.Replace("as: [meta.email]", "as: [google.email]", StringComparison.Ordinal))
        );
        Assert.NotEqual(
            Version(sample),
            Version(sample.Replace("freshness: 60", "freshness: 61", StringComparison.Ordinal))
        );
        Assert.NotEqual(
            Version(sample),
            Version(sample.Replace("/v2/members/remove", "/v3/members/remove", StringComparison.Ordinal))
        );
    }

    private static string Version(string file) => s_kind.ReadFile(file, SmallYaml.Instance).Body!.Version;
}
