using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.Privacy;

/// <summary>Data that is kept and not used, until that is lifted.</summary>
public sealed class RestrictionTests
{
    private const string Jane = "jane.doe-118@example.com";
    private const string Profile = "/v1/profiles/user_id:jane-user-1";
    private const string Steward = "steward";
    private const string Officer = "privacy-officer";
    private static readonly string s_restrict = $$"""{"type":"restriction","identifiers":["email:{{Jane}}"]}""";

    [Fact]
    public async Task Restrict_UntilItIsLifted_KeepsHerDataAndShowsItToOfficersAlone()
    {
        await using PrivacyHost host = await Start();
        string before = await Shown(host, ProfilesHost.ReadKey, Profile);
        string id = await host.Begin(s_restrict);
        JsonElement done = await host.WaitFor(id, "done");

        // Kept: what she does still goes into the log, and those who take requests see it.
        await host.Send("identify", """ "userId":"jane-user-1","traits":{"lastName":"Ulm"} """);
        Assert.Equal(1, done.GetProperty("result").GetProperty("found").GetProperty("customers").GetInt32());
        Assert.Contains(
            "Ulm",
            await Shown(host, PrivacyHost.KeyOf(Officer), $"{Profile}?purpose=legal"),
            StringComparison.Ordinal
        );
        Assert.Contains("Ulm", await Shown(host, ProfilesHost.AdminKey, Profile), StringComparison.Ordinal);
        foreach (string path in Paths())
        {
            foreach (string key in (string[])[ProfilesHost.ReadKey, PrivacyHost.KeyOf(Steward)])
            {
                string shown = await Shown(host, key, path);
                Assert.DoesNotContain("Jane", shown, StringComparison.Ordinal);
                Assert.DoesNotContain(Jane, shown, StringComparison.Ordinal);
                Assert.DoesNotContain("Ulm", shown, StringComparison.Ordinal);
                Assert.DoesNotContain("Bought", shown, StringComparison.Ordinal);
            }
        }

        // The same from storage, where nobody has her in memory.
        await host.RestartAsync();
        Assert.DoesNotContain("Jane", await Shown(host, ProfilesHost.ReadKey, Profile), StringComparison.Ordinal);
        string verbose = await Shown(host, ProfilesHost.ReadKey, $"{Profile}?verbose=true");
        Assert.Contains("""{"field":"*","because":"restricted"}""", verbose, StringComparison.Ordinal);

        (HttpStatusCode lifted, JsonElement answer) = await host.Officer(
            HttpMethod.Post,
            $"/v1/privacy/requests/{id}:lift"
        );
        JsonElement request = await host.WaitFor(id, "done");

        Assert.True(lifted == HttpStatusCode.OK, $"{answer}");
        Assert.True(request.TryGetProperty("liftedAt", out _));
        Assert.Equal(0, request.GetProperty("identifiers").GetArrayLength());
        string after = await Shown(host, ProfilesHost.ReadKey, Profile);
        Assert.Contains("Jane", after, StringComparison.Ordinal);
        Assert.Contains("Ulm", after, StringComparison.Ordinal);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task Restrict_ThroughAMergeAndASplit_HoldsForWhoeverHasOneOfHerIdentifiers()
    {
        await using PrivacyHost host = await Start();
        await host.Send("track", """ "anonymousId":"bobs-device-01","event":"Seen" """);
        string id = await host.Begin(s_restrict);
        await host.WaitFor(id, "done");

        await host.Send("track", """ "userId":"jane-user-1","anonymousId":"bobs-device-01","event":"Met" """);
        string merged = await Shown(host, ProfilesHost.ReadKey, "/v1/profiles/anonymous_id:bobs-device-01");
        (HttpStatusCode split, JsonElement answer) = await host.Officer(
            HttpMethod.Post,
            $"{Profile}/split",
            $$"""{"identifiers":["email:{{Jane}}"],"reason":"another person's"}"""
        );

        Assert.DoesNotContain("Seen", merged, StringComparison.Ordinal);
        Assert.True(split == HttpStatusCode.OK, $"{answer}");
        string[] parts = [Profile, $"/v1/profiles/{Uri.EscapeDataString($"email:{Jane}")}"];
        foreach (string part in parts)
        {
            string hidden = await Shown(host, ProfilesHost.ReadKey, part);
            Assert.DoesNotContain("identifiers", hidden, StringComparison.Ordinal);
        }

        await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:lift");
        await host.WaitFor(id, "done");
        foreach (string part in parts)
        {
            Assert.Contains("identifiers", await Shown(host, ProfilesHost.ReadKey, part), StringComparison.Ordinal);
        }
    }

    /// <summary>Lists that are about others must not tell that she is among them: of a company, of a deal, of what was set apart.</summary>
    [Fact]
    public async Task Restrict_LeavesHerOutOfMembersContactsAndTheQuarantine_ButForOfficers()
    {
        await using PrivacyHost host = await Start();
        await Tell(
            host,
            "identify",
            """
            "userId":"jane-user-1","context":{"externalIds":[{"id":"7:118","type":"hubspot.contact","collection":"users","encoding":"none"}]}
            """
        );
        await Tell(host, "group", """ "userId":"jane-user-1","groupId":"acme","traits":{"name":"Acme"} """);
        await Tell(host, "group", """ "userId":"bob-user-1","groupId":"acme" """);
        await Tell(
            host,
            "track",
            """
            "userId":"crm","event":"CRM Opportunity Changed","context":{"groupId":"acme"},
            "properties":{"recordId":"900","stage":"contractsent","contacts":[{"type":"hubspot.contact","id":"7:118","role":"Buyer"}]}
            """
        );
        for (int number = 0; number <= 50; number++)
        {
            await Tell(host, "identify", $$""" "userId":"other-{{number}}","traits":{"email":"{{Jane}}"} """);
        }

        string[] lists = ["/v1/accounts/acme", "/v1/quarantine/identifiers"];
        string[] before = await Task.WhenAll(lists.Select(path => Shown(host, PrivacyHost.KeyOf(Steward), path)));
        string id = await host.Begin("""{"type":"restriction","identifiers":["user_id:jane-user-1"]}""");
        await host.WaitFor(id, "done");

        string[] after = await Task.WhenAll(lists.Select(path => Shown(host, PrivacyHost.KeyOf(Steward), path)));
        string[] read = await Task.WhenAll(lists.Select(path => Shown(host, ProfilesHost.ReadKey, path)));
        string[] officer = await Task.WhenAll(
            lists.Select(path => Shown(host, PrivacyHost.KeyOf(Officer), $"{path}?purpose=legal"))
        );

        string[][] hers =
        [
            ["jane-user-1", "7:118", "Buyer"],
            [Jane],
        ];
        for (int list = 0; list < lists.Length; list++)
        {
            foreach (string value in hers[list])
            {
                Assert.Contains(value, before[list], StringComparison.Ordinal);
                Assert.Contains(value, officer[list], StringComparison.Ordinal);
                Assert.DoesNotContain(value, after[list], StringComparison.Ordinal);
                Assert.DoesNotContain(value, read[list], StringComparison.Ordinal);
            }
        }

        Assert.Contains("bob-user-1", after[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restrict_IsAuditedWithTheCustomerAndNamesNobody()
    {
        await using PrivacyHost host = await Start();
        string customer = (await host.Profile("user_id:jane-user-1"))!.Value.GetProperty("customerId").GetString()!;
        string id = await host.Begin(s_restrict);
        await host.WaitFor(id, "done");
        await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:lift");
        await host.WaitFor(id, "done");

        (_, JsonElement page) = await host.Officer(HttpMethod.Get, "/v1/audit?action=privacy.&limit=100");

        Assert.Equal(
            [
                $"privacy.asked {id}",
                $"privacy.lifted {id}",
                $"privacy.restricted {customer}",
                $"privacy.unrestricted {customer}",
            ],
            page.GetProperty("entries")
                .EnumerateArray()
                .Select(entry => entry.GetProperty("record"))
                .Select(record => $"{record.GetProperty("action")} {record.GetProperty("objectId")}")
                .Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain("jane", page.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A restriction names her for as long as it is in force; an erasure takes that along.</summary>
    [Fact]
    public async Task Erase_OfWhoIsRestricted_LeavesNothingInTheOtherRequest()
    {
        await using PrivacyHost host = await Start();
        string id = await host.Begin(s_restrict);
        JsonElement restricted = await host.WaitFor(id, "done");
        Assert.Equal(2, restricted.GetProperty("identifiers").GetArrayLength());

        await host.Erase($"email:{Jane}");

        JsonElement request = await host.WaitFor(id, "done");
        Assert.Equal(0, request.GetProperty("identifiers").GetArrayLength());
        await host.StopAsync();
        Assert.Empty(await RawStore.Find(host.Folder, Jane));
        await host.RestartAsync();
    }

    [Fact]
    public async Task Lift_OfWhatRestrictsNothing_IsRefused()
    {
        await using PrivacyHost host = await Start();
        string id = await host.Begin($$"""{"type":"access","identifiers":["email:{{Jane}}"]}""");
        await host.WaitFor(id, "done");

        (HttpStatusCode status, _) = await host.Officer(
            HttpMethod.Post,
            $"/v1/privacy/requests/{id}:lift",
            $$"""{"identifiers":["email:{{Jane}}"]}"""
        );

        Assert.Equal(HttpStatusCode.Conflict, status);
    }

    private static IEnumerable<string> Paths() =>
        [
            Profile,
            $"{Profile}?verbose=true",
            $"{Profile}/timeline",
            $"{Profile}/sessions",
            $"{Profile}/explain",
            $"{Profile}/consent",
            "/v1/spaces/main/collections/users/profiles/user_id:jane-user-1/traits",
            "/v1/spaces/main/collections/users/profiles/user_id:jane-user-1/external_ids",
            "/v1/spaces/main/collections/users/profiles/user_id:jane-user-1/events",
        ];

    /// <summary>Sends a message as a server does, whose word about companies counts, and waits until it is applied.</summary>
    private static async Task Tell(PrivacyHost host, string kind, string members)
    {
        (HttpStatusCode status, JsonElement answer) = await host.Ask(
            HttpMethod.Post,
            $"/v1/{kind}?wait=applied",
            ProfilesHost.AdminKey,
            $"{{{members}}}"
        );
        Assert.True(status == HttpStatusCode.OK, $"{answer}");
    }

    private static async Task<PrivacyHost> Start()
    {
        PrivacyHost host = await PrivacyHost.Start(keys: PrivacyHost.KeysFor(Steward, Officer));
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}","name":"Jane"} """);
        await host.Send("track", """ "userId":"jane-user-1","event":"Bought" """);
        return host;
    }

    /// <summary>What a key is answered: the body, or the status where it may not see the path at all.</summary>
    private static async Task<string> Shown(PrivacyHost host, string key, string path)
    {
        (HttpStatusCode status, JsonElement answer) = await host.Ask(HttpMethod.Get, path, key);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Forbidden, $"{path}: {status} {answer}");
        return answer.ToString();
    }
}
