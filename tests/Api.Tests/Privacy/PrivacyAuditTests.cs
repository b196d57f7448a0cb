using System.Text.Json;

namespace Customer360.Api.Tests.Privacy;

/// <summary>What is recorded of the requests of persons: who did what, and no value of the person.</summary>
public sealed class PrivacyAuditTests
{
    private const string Jane = "jane.doe-118@example.com";

    [Fact]
    public async Task Requests_WhenCarriedOut_AreRecordedWithoutTheirPeople()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        string access = await host.Begin($$"""{"type":"access","identifiers":["email:{{Jane}}"]}""");
        await host.WaitFor(access, "done");
        (_, JsonElement link) = await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{access}:link");
        await host.Fetch(link.GetProperty("path").GetString()!);
        string erasure = (await host.Erase($"email:{Jane}")).GetProperty("id").GetString()!;
        await host.Officer(
            HttpMethod.Post,
            $"/v1/privacy/requests/{erasure}:lift",
            $$"""{"identifiers":["email:{{Jane}}"]}"""
        );

        (_, JsonElement page) = await host.Officer(HttpMethod.Get, "/v1/audit?action=privacy.&limit=100");
        JsonElement[] records =
        [
            .. page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("record")),
        ];
        string[] told =
        [
            .. records.Select(record => $"{record.GetProperty("action")} {record.GetProperty("objectId")}"),
        ];
        Assert.Equal(
            [
                $"privacy.asked {access}",
                $"privacy.asked {erasure}",
                $"privacy.erased {erasure}",
                $"privacy.fetched {access}",
                $"privacy.lifted {erasure}",
                $"privacy.linked {access}",
            ],
            told.Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain("jane", page.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }
}
