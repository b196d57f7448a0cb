using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;
using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Collect;

/// <summary>Messages around a change of rules that gives them other anchors.</summary>
public sealed class OtherAnchorsTests : IDisposable
{
    private const string DeviceFirst = """
        defaultRegion: US
        identifiers:
          anonymous_id: {priority: 1, limit: 5, kind: device}
          user_id: {priority: 2, limit: 1, trust: verified}
        """;

    private const string NoUsers = """
        defaultRegion: US
        identifiers:
          anonymous_id: {priority: 1, limit: 5, kind: device}
        """;

    private readonly CollectHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-anchors-").FullName;

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Message_WhenRulesChangeOnItsWay_IsReadAgainAndGoesWhereItBelongs()
    {
        _host.Intake.OtherAnchorsTimes = 1;
        _host.Intake.Before = _ =>
        {
            Follow(DeviceFirst);
            return Task.CompletedTask;
        };

        await (
            await _host.Authorized.PostTextAsync(
                "/v1/track",
                """{"event":"Seen","userId":"u1","anonymousId":"a1","messageId":"m1"}"""
            )
        ).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal("anonymous_id:a1", _host.Intake.Only.Anchor.ToString());
    }

    [Fact]
    public async Task Message_WhenRulesOnItsWayLeaveItNoIdentifier_IsRefused()
    {
        _host.Intake.OtherAnchorsTimes = 1;
        _host.Intake.Before = _ =>
        {
            Follow(NoUsers);
            return Task.CompletedTask;
        };

        using HttpResponseMessage response = await _host.Authorized.PostTextAsync(
            "/v1/track",
            """{"event":"Seen","userId":"u1","messageId":"m1"}"""
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(_host.Intake.Stored);
    }

    [Fact]
    public async Task Batch_WhenRulesOnItsWayLeaveOneNoIdentifier_KeepsTheOthers()
    {
        // Both belong to the request of one partition, so both are read again.
        _host.Intake.OtherAnchorsTimes = 1;
        _host.Intake.Before = _ =>
        {
            Follow(NoUsers);
            return Task.CompletedTask;
        };

        JsonElement answer = await (
            await _host.Authorized.PostTextAsync(
                "/v1/batch",
                """
                {"batch":[
                  {"type":"track","event":"Seen","userId":"u1","messageId":"m1"},
                  {"type":"track","event":"Seen","userId":"u1","anonymousId":"a1","messageId":"m2"}
                ]}
                """
            )
        ).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal(1, answer.GetProperty("rejected").GetInt32());
        Assert.Equal("m2", _host.Intake.Only.MessageId);
    }

    [Fact]
    public async Task Message_WhenItsAnchorNeverComesToRest_IsToBeSentAgainLater()
    {
        _host.Intake.OtherAnchorsTimes = int.MaxValue;

        using HttpResponseMessage response = await _host.Authorized.PostTextAsync(
            "/v1/track",
            """{"event":"Seen","userId":"u1","messageId":"m1"}"""
        );

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Repeat_AfterTheChange_IsADuplicateWhereItWasStored()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        string[] messages =
        [
            .. Enumerable
                .Range(0, 12)
                .Select(n =>
                    $$"""{"type":"track","event":"Seen","userId":"u{{n}}","anonymousId":"a{{n}}","messageId":"m{{n}}"}"""
                ),
        ];
        string batch = $$"""{"batch":[{{string.Join(',', messages)}}]}""";
        JsonElement[] first = await Send(host, batch);
        await Put(host, DeviceFirst);

        JsonElement[] again = await Send(host, batch);

        Assert.All(again, receipt => Assert.Equal("duplicate", receipt.GetProperty("status").GetString()));
        foreach (string member in new[] { "partition", "position", "messageId" })
        {
            Assert.Equal(
                first.Select(receipt => receipt.GetProperty(member).ToString()),
                again.Select(receipt => receipt.GetProperty(member).ToString())
            );
        }

        foreach (JsonElement receipt in again)
        {
            JsonElement later = await host.GetJson($"/v1/receipts/{receipt.GetProperty("messageId").GetString()}");
            Assert.Equal(receipt.GetProperty("partition").GetInt32(), later.GetProperty("partition").GetInt32());
            Assert.Equal(receipt.GetProperty("position").GetInt64(), later.GetProperty("position").GetInt64());
        }
    }

    private void Follow(string yaml) =>
        Assert.True(
            _host
                .Services.GetRequiredService<IPolicyNode>()
                .Follow(
                    new PolicyVersion("identity", 1, "v1", yaml, default, "test", PolicyAction.Put, Replaces: "")
                    {
                        Epoch = 1,
                    }
                )
        );

    private static async Task Put(ProfilesHost host, string yaml)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/identity");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        request.Content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement[]> Send(ProfilesHost host, string batch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch?wait=applied");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.CollectKey);
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(batch, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return [.. ProfilesHost.Parse(text).GetProperty("receipts").EnumerateArray()];
    }
}
