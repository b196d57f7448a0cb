using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Api.Commands;

namespace Customer360.Api.Demo;

/// <summary>What the demo has done, as <c>--json</c> says it.</summary>
internal sealed record DemoResult
{
    public long Seed { get; init; }

    public int People { get; init; }

    public int Accounts { get; init; }

    /// <summary>Messages that were sent as SDKs send them; what webhooks say is not among them.</summary>
    public int Messages { get; init; }

    /// <summary>Those of the messages that the grid did not have before.</summary>
    public int NewMessages { get; init; }

    public int Consents { get; init; }

    public int Deals { get; init; }

    /// <summary>Contacts of the CRM.</summary>
    public int Contacts { get; init; }

    /// <summary>Leads that the grid has now.</summary>
    public int Leads { get; init; }

    /// <summary>Leads that sales have accepted in this run.</summary>
    public int AcceptedLeads { get; init; }

    /// <summary>Pairs of people that are one customer by mistake.</summary>
    public int WrongMerges { get; init; }

    public double Seconds { get; init; }

    /// <summary>What was left out, or is not as the demo wants it.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>Fills a grid, step by step, through its public API. Each step may be repeated and then changes nothing.</summary>
internal sealed class DemoRun(GridClient client, DemoArguments asked, TimeProvider time, IDemoProgress progress)
{
    private const int BatchMessages = 200;
    private const int BatchRecords = 100;
    private const int ConsentPercent = 15;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_applyTimeMax = TimeSpan.FromMinutes(10);

    private readonly DemoCompany _company = new(asked.Seed, asked.People);
    private readonly List<string> _notes = [];
    private int _sent;
    private int _new;

    /// <exception cref="CommandException">It can't go on.</exception>
    public async Task<DemoResult> Run(CancellationToken cancelled)
    {
        long start = time.GetTimestamp();
        DateTimeOffset until = await Begin(cancelled);
        await PutPolicies(cancelled);
        var messages = new DemoMessages(_company, until);
        await Send([messages.Marker()], "beginning", cancelled);
        await Send(messages.All(), "messages", cancelled);
        await WaitUntilApplied(cancelled);
        var crm = new DemoCrm(_company, until);
        (int contacts, int deals) = await SendCrm(crm, cancelled);
        int consents = await PutConsents(cancelled);
        await WaitUntilApplied(cancelled);
        (int leads, int accepted) = await AcceptLeads(cancelled);
        return new DemoResult
        {
            Seed = asked.Seed,
            People = _company.People.Length,
            Accounts = _company.Accounts.Length,
            Messages = _sent,
            NewMessages = _new,
            Contacts = contacts,
            Deals = deals,
            Consents = consents,
            Leads = leads,
            AcceptedLeads = accepted,
            WrongMerges = _company.WrongMerges.Length,
            Seconds = Math.Round(time.GetElapsedTime(start).TotalSeconds, 1),
            Notes = [.. _notes],
        };
    }

    /// <summary>Looks at what the grid has. Answers when the ninety days end: of a run that was broken off, as that one had it.</summary>
    private async Task<DateTimeOffset> Begin(CancellationToken cancelled)
    {
        progress.Step("looking at the grid", 1);
        JsonElement cluster = await client.Get("/v1/cluster", cancelled);
        string marker = DemoMessages.MarkerId(asked.Seed);
        if (await client.Find($"/v1/receipts/{marker}", cancelled) is { } receipt)
        {
            progress.Advance(1);
            return receipt.GetProperty("timestamp").GetDateTimeOffset();
        }

        bool hasData = cluster
            .GetProperty("partitions")
            .EnumerateArray()
            .Any(one => one.TryGetProperty("appliedPosition", out JsonElement applied) && applied.GetInt64() > 0);
        if (hasData && !asked.IntoExisting)
        {
            throw new CommandException(
                CommandExit.HasData,
                "The grid has data already, and the demo would mix its people with yours. Use an empty grid, or say --into-existing."
            );
        }

        progress.Advance(1);
        DateTimeOffset now = time.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Puts the demo's policies in force where nobody has put others.</summary>
    private async Task PutPolicies(CancellationToken cancelled)
    {
        progress.Step("policies", DemoPolicies.All.Length);
        foreach ((string kind, string yaml) in DemoPolicies.All)
        {
            JsonElement current = await client.Get($"/v1/policies/{kind}", cancelled);
            if (current.GetProperty("yaml").GetString() != yaml)
            {
                if (current.GetProperty("action").GetString() == "builtIn")
                {
                    JsonElement answer = await client.Put($"/v1/policies/{kind}", yaml, "application/yaml", cancelled);
                    if (!answer.TryGetProperty("yaml", out _))
                    {
                        _notes.Add($"The policy {kind} waits for an approval; until then the demo shows less.");
                    }
                }
                else
                {
                    _notes.Add($"The grid has a policy {kind} of its own, which was left as it is.");
                }
            }

            progress.Advance(1);
        }
    }

    private async Task Send(IReadOnlyList<DemoMessage> messages, string step, CancellationToken cancelled)
    {
        progress.Step(step, messages.Count);
        foreach (DemoMessage[] chunk in messages.Chunk(BatchMessages))
        {
            var body = new JsonObject { ["batch"] = new JsonArray([.. chunk.Select(one => one.Json)]) };
            JsonElement answer = await client.Post(
                "/v1/import",
                body.ToJsonString(),
                cancelled,
                ("X-Receipts", "true")
            );
            foreach (JsonElement receipt in answer.GetProperty("receipts").EnumerateArray())
            {
                string status = receipt.GetProperty("status").GetString()!;
                if (status == "rejected")
                {
                    throw new CommandException(
                        CommandExit.Failed,
                        $"The grid refused a message of the demo: {receipt.GetProperty("reason").GetString()}."
                    );
                }

                _new += status == "accepted" ? 1 : 0;
            }

            _sent += chunk.Length;
            progress.Advance(chunk.Length);
        }
    }

    /// <summary>What comes next asks for people, so they must be there.</summary>
    private async Task WaitUntilApplied(CancellationToken cancelled)
    {
        progress.Step("waiting until profiles show it", 1);
        long start = time.GetTimestamp();
        while (await Waiting(cancelled) > 0)
        {
            if (time.GetElapsedTime(start) > s_applyTimeMax)
            {
                throw new CommandException(
                    CommandExit.Failed,
                    "The grid does not get its messages applied: see GET /v1/cluster."
                );
            }

            // The API tells how far it is where it is asked, so the command asks now and then, until its patience ends above.
            await Task.Delay(s_pause, time, cancelled);
        }

        progress.Advance(1);
    }

    private async Task<long> Waiting(CancellationToken cancelled) =>
        (await client.Get("/v1/cluster", cancelled))
            .GetProperty("partitions")
            .EnumerateArray()
            .Sum(one => one.TryGetProperty("waiting", out JsonElement waiting) ? waiting.GetInt64() : 1);

    private async Task<(int Contacts, int Deals)> SendCrm(DemoCrm crm, CancellationToken cancelled)
    {
        if (asked.WebhookSecret is not { } secret)
        {
            _notes.Add(
                "The CRM's contacts and deals were left out: start the grid with CUSTOMER360__WEBHOOKS__HUBSPOT__SECRETS__0 and "
                    + "CUSTOMER360__WEBHOOKS__DEALS__SECRETS__0, and say the same secret with --webhook-secret."
            );
            return (0, 0);
        }

        ImmutableArray<JsonObject> changes = crm.ContactChanges();
        progress.Step("contacts of the CRM", changes.Length);
        foreach (JsonObject[] chunk in changes.Chunk(BatchRecords))
        {
            string body = new JsonArray([.. chunk]).ToJsonString();
            if (!await client.SendHubSpot(DemoCrm.HubSpotPath, body, secret, cancelled))
            {
                throw new CommandException(
                    CommandExit.NotAllowed,
                    "The grid does not take the webhook's signature: is the secret the one of its setting "
                        + "CUSTOMER360__WEBHOOKS__HUBSPOT__SECRETS__0, and does it call itself by the address of --url?"
                );
            }

            progress.Advance(chunk.Length);
        }

        ImmutableArray<JsonObject> deals = crm.Deals();
        progress.Step("deals of the CRM", deals.Length);
        foreach (JsonObject[] chunk in deals.Chunk(BatchRecords))
        {
            var body = new JsonObject { ["deals"] = new JsonArray([.. chunk]) };
            await client.Post(DemoCrm.DealsPath, body.ToJsonString(), cancelled, (DemoCrm.DealsHeader, secret));
            progress.Advance(chunk.Length);
        }

        return (crm.Contacts.Length, deals.Length);
    }

    /// <summary>Some have said on the telephone that they want the newsletter, or not.</summary>
    private async Task<int> PutConsents(CancellationToken cancelled)
    {
        DemoPerson[] people =
        [
            .. _company.People.Where(one =>
                one.Email.Length > 0 && new DemoDice(_company.Seed, $"consent {one.Number}").Chance(ConsentPercent)
            ),
        ];
        progress.Step("consents", people.Length);
        foreach (DemoPerson person in people)
        {
            var dice = new DemoDice(_company.Seed, $"newsletter {person.Number}");
            var body = new JsonObject
            {
                ["requestId"] = string.Create(
                    CultureInfo.InvariantCulture,
                    $"demo-{_company.Seed}-consent-{person.Number}"
                ),
                ["purposes"] = new JsonObject { ["email-marketing"] = dice.Chance(70) ? "granted" : "denied" },
                ["evidence"] = "said on the telephone",
            };
            await client.Put(
                $"/v1/profiles/{Uri.EscapeDataString($"email:{person.Email}")}/consent",
                body.ToJsonString(),
                "application/json",
                cancelled
            );
            progress.Advance(1);
        }

        return people.Length;
    }

    /// <summary>Sales take half of what is offered to them; which, follows from the lead's id, so a second run takes no more.</summary>
    private async Task<(int All, int Accepted)> AcceptLeads(CancellationToken cancelled)
    {
        int all = 0;
        int accepted = 0;
        string? cursor = null;
        progress.Step("leads", 1);
        do
        {
            JsonElement page = await client.Get(
                cursor is null ? "/v1/leads?limit=200" : $"/v1/leads?limit=200&cursor={cursor}",
                cancelled
            );
            foreach (JsonElement lead in page.GetProperty("leads").EnumerateArray())
            {
                all++;
                string id = lead.GetProperty("leadId").GetString()!;
                if (lead.GetProperty("status").GetString() == "offered" && new DemoDice(asked.Seed, id).Chance(50))
                {
                    var body = new JsonObject { ["person"] = lead.GetProperty("owner").GetString() };
                    await client.Post($"/v1/leads/{id}:accept", body.ToJsonString(), cancelled);
                    accepted++;
                }
            }

            cursor = page.GetProperty("next").GetString();
        } while (cursor is not null);

        progress.Advance(1);
        return (all, accepted);
    }
}
