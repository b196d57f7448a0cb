using System.Net;
using Customer360.Api.Tests.Support;
using Customer360.Rules.Ports;

namespace Customer360.Api.Tests.Collect;

/// <summary>What a sender is told when the service can't take a call now.</summary>
public sealed class BackPressureTests
{
    [Fact]
    public async Task Partition_WithTooMuchWaiting_AsksToComeAgainInWholeSeconds()
    {
        using CollectHost host = new();
        host.Intake.OverloadedForSeconds = 7;

        HttpResponseMessage response = await host.Authorized.PostTextAsync("/v1/track", Wire.Track);

        await response.AssertProblemAsync(429, "too_many_requests");
        Assert.Equal("7", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("7", response.Headers.GetValues("X-RateLimit-Reset").Single());
    }

    [Fact]
    public async Task Requests_BeyondTheLimit_AreTurnedAwayBeforeTheirBodyAndLaterTaken()
    {
        using CollectHost host = new(("Customer360:Collect:RequestsInFlightMax", "1"));
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Intake.Before = _ =>
        {
            entered.TrySetResult();
            return release.Task;
        };
        Task<HttpResponseMessage> first = host.Authorized.PostTextAsync("/v1/track", Wire.TrackOf("u1", "first"));
        await entered.Task;

        HttpResponseMessage turnedAway = await host.Authorized.PostTextAsync("/v1/track", Wire.TrackOf("u1", "second"));
        release.SetResult();

        await turnedAway.AssertProblemAsync(429, "too_many_requests");
        Assert.Equal("1", turnedAway.Headers.GetValues("Retry-After").Single());
        await (await first).ReadJsonAsync(HttpStatusCode.OK);
        await (await host.Authorized.PostTextAsync("/v1/track", Wire.TrackOf("u1", "second"))).ReadJsonAsync(
            HttpStatusCode.OK
        );
        Assert.Equal(["first", "second"], host.Intake.Stored.Select(envelope => envelope.MessageId));
    }

    [Fact]
    public async Task Bytes_OfAllKindsOfEndings_AreGivenBack()
    {
        // There is room for one body, so a single place that is not given back fails the last call.
        using CollectHost host = new(
            ("Customer360:Collect:BodyBytesMax", "2000"),
            ("Customer360:Collect:BytesInFlightMax", "2000")
        );

        await host.Authorized.PostTextAsync("/v1/track", "not json");
        await host.Authorized.PostTextAsync("/v1/track", new string(' ', 5_000));
        await host.Authorized.PostBytesAsync("/v1/track", Wire.Gzip(new byte[100_000]), "gzip");
        await host.Http.PostTextAsync("/v1/track", Wire.Track);
        host.Intake.Before = _ => throw new InvalidOperationException();
        await host.Authorized.PostTextAsync("/v1/track", Wire.Track);
        host.Intake.Before = _ => Task.CompletedTask;

        HttpResponseMessage response = await host.Authorized.PostTextAsync("/v1/track", Wire.Track);

        await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(typeof(StorageUnavailableException))]
    [InlineData(typeof(TimeoutException))]
    public async Task Outage_IsAnswered503SoThatSdksSendItAgain(Type outage)
    {
        using CollectHost host = new();
        host.Intake.Before = _ => throw (Exception)Activator.CreateInstance(outage)!;

        HttpResponseMessage response = await host.Authorized.PostTextAsync("/v1/track", Wire.Track);

        await response.AssertProblemAsync(503, "unavailable");
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        Assert.Empty(host.Intake.Stored);
    }

    [Fact]
    public async Task Bug_IsAnswered500WithoutDetailsAndLoggedWithoutTheMessage()
    {
        using CollectHost host = new();
        host.Intake.Before = _ => throw new InvalidOperationException("jane@example.com");

        HttpResponseMessage response = await host.Authorized.PostTextAsync("/v1/track", Wire.Track);

        await response.AssertProblemAsync(500, "internal_error");
        Assert.DoesNotContain("jane@", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("jane@", host.Logs.Text, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), host.Logs.Text, StringComparison.Ordinal);
    }
}
