using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

/// <summary>The headings of the description, in the order in which a reader wants them.</summary>
internal static class ApiTags
{
    private static readonly (string Name, string Description)[] s_known =
    [
        ("Collect", "Send what happened, as Segment's SDKs do."),
        ("Webhooks", "Take what CRMs and other services send by themselves, and see what it has left to be done."),
        ("Receipts", "Look up what became of a message."),
        ("Profiles", "Read who a customer is, what is known and why; take people apart who are not one."),
        ("Consent", "See what a person has agreed to, now and at any time, and write down what they say."),
        ("Accounts", "Read companies and the people in them."),
        ("Segment Profile API", "Read profiles with clients that were written for Segment."),
        ("Contracts", "See what messages must look like, who owns that, and what does not keep it."),
        (
            "Quality",
            "See how good the messages are that come in, who is told when they are not, and what waits for people."
        ),
        ("Catalog", "See what data there is, whose it is, where it is mastered, and what depends on it."),
        ("Quarantine", "See what was held back, and let it go."),
        ("Identity", "Take a merge back."),
        (
            "Policies",
            "Say what decides: who is one customer, whose value a field shows; try it, approve it, take it back."
        ),
        ("Routing", "Try out who would get a lead, and see every rule and why it counted or not."),
        ("Leads", "See which leads there are and why each is where it is, and say what sales people say of them."),
        ("Audiences", "See who is in which audience and why, try others out, and decide what to show to whom."),
        ("Attribution", "See who gets the credit for revenue, why it moved, and whether it adds up."),
        (
            "Destinations",
            "See what was sent where, what was withheld and why, and what waits; try, stop, and send again."
        ),
        ("Jobs", "Try rules out on the whole log, bring them into force, and check the profiles against the log."),
        ("Exports", "Write the warehouse mirror, and compare it with the grid."),
        ("Privacy", "Answer what persons ask about their data: show it, take it along, put it right, forget it."),
        ("OpenDSR", "Take the same requests in the form of OpenDSR 2.0, and tell their senders how they stand."),
        ("Keys", "Make keys for those who call, change their secrets, and take them back."),
        ("Audit", "See who did what: decisions, changes, and who read whose profile."),
        ("Agents", "Give an AI agent tools over the same data, under the same rules."),
        ("Operations", "See how the service stands."),
    ];

    /// <summary>Describes the tags that operations have, each once; the framework's own, which names the program, goes.</summary>
    public static void Describe(OpenApiDocument document)
    {
        HashSet<string> used =
        [
            .. document
                .Paths.Values.SelectMany(path => (IEnumerable<OpenApiOperation>?)path.Operations?.Values ?? [])
                .SelectMany(operation => (IEnumerable<OpenApiTagReference>?)operation.Tags ?? [])
                .Select(tag => tag.Reference.Id!),
        ];
        document.Tags = s_known
            .Where(tag => used.Contains(tag.Name))
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();
    }
}
