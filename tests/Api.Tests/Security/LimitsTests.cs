using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Customer360.Api.Security.Limits;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Security;

/// <summary>What a caller may send, and what it is told of what is left.</summary>
public sealed class LimitsTests
{
    /// <summary>Collect and the profile look for their caller themselves, the quarantine's caller comes through the middleware.</summary>
    [Theory]
    [InlineData("POST", "/v1/track", CollectHost.CollectKey)]
    [InlineData("GET", "/v1/profiles/user_id", CollectHost.ReadKey)]
    [InlineData("GET", "/v1/quarantine/messages?limit=0", CollectHost.AdminKey)]
    public async Task Caller_WithTooManyRequests_IsToldWhenToComeAgain(string method, string path, string key)
    {
        using CollectHost host = new(
            ("Customer360:Limits:RequestsPerDay", "3"),
            ("Customer360:Limits:RequestsPerMinute", "100")
        );

        for (int left = 2; left >= 0; left--)
        {
            HttpResponseMessage taken = await Send(host, method, path, key);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, taken.StatusCode);
            Assert.Equal(
                "\"minute\";q=100;w=60, \"day\";q=3;w=86400",
                taken.Headers.GetValues("RateLimit-Policy").Single()
            );
            Assert.Matches(
                $"^\"minute\";r=[0-9]+;t=[0-9]+, \"day\";r={left};t=[0-9]+$",
                taken.Headers.GetValues("RateLimit").Single()
            );
        }

        HttpResponseMessage refused = await Send(host, method, path, key);

        await refused.AssertProblemAsync(429, "quota_exceeded");
        int seconds = int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 1, 86_400);
        Assert.Equal($"{seconds}", refused.Headers.GetValues("X-RateLimit-Reset").Single());
        Assert.EndsWith(
            $"\"day\";r=0;t={seconds}",
            refused.Headers.GetValues("RateLimit").Single(),
            StringComparison.Ordinal
        );
        JsonElement problem = await refused.ReadJsonAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(
            "https://iana.org/assignments/http-problem-types#quota-exceeded",
            problem.GetProperty("type").GetString()
        );
        Assert.Equal("day", Assert.Single(problem.GetProperty("violated-policies").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Caller_BehindTheMiddleware_IsCountedWithTheSameLimits()
    {
        using CollectHost host = new(("Customer360:Limits:RequestsPerDay", "2"));

        List<int> statuses = [];
        foreach (
            string path in (string[])
                ["/v1/quarantine/messages?limit=0", "/v1/profiles/user_id", "/v1/quarantine/messages?limit=0"]
        )
        {
            statuses.Add((int)(await Send(host, "GET", path, CollectHost.AdminKey)).StatusCode);
        }

        Assert.Equal([400, 400, 429], statuses);
    }

    [Fact]
    public async Task Caller_WhoHasSentTooMuch_HarmsNoOther()
    {
        using CollectHost host = new(("Customer360:Limits:RequestsPerDay", "1"));
        await Send(host, "POST", "/v1/track", CollectHost.CollectKey);

        Assert.Equal(429, (int)(await Send(host, "POST", "/v1/track", CollectHost.CollectKey)).StatusCode);
        Assert.Equal(200, (int)(await Send(host, "POST", "/v1/track", CollectHost.AdminKey)).StatusCode);
    }

    /// <summary>The key may come in the body: then it is counted as if it had come in the header.</summary>
    [Fact]
    public async Task Caller_WithItsKeyInTheBody_IsCounted()
    {
        using CollectHost host = new(("Customer360:Limits:RequestsPerDay", "1"));
        string body = $$"""{"event":"e","userId":"u","writeKey":"{{CollectHost.CollectKey}}"}""";

        Assert.Equal(200, (int)(await host.Http.PostTextAsync("/v1/track", body)).StatusCode);
        Assert.Equal(429, (int)(await host.Http.PostTextAsync("/v1/track", body)).StatusCode);
    }

    [Fact]
    public async Task Caller_WithoutALimit_IsToldOfNone()
    {
        using CollectHost host = new();

        HttpResponseMessage response = await Send(host, "POST", "/v1/track", CollectHost.CollectKey);

        Assert.False(response.Headers.Contains("RateLimit"));
        Assert.False(response.Headers.Contains("RateLimit-Policy"));
    }

    [Fact]
    public void Windows_WhenTheyEnd_BeginAnew()
    {
        var time = new Clock();
        using var limiter = new WindowLimiter(perMinute: 2, perDay: 3, time);

        Assert.Equal("\"minute\";r=1;t=20, \"day\";r=2;t=80", Take(limiter));
        Assert.Equal("\"minute\";r=0;t=20, \"day\";r=1;t=80", Take(limiter));
        Assert.Equal("minute 20", Take(limiter));
        Assert.Null(limiter.IdleDuration);
        time.Go(20);
        Assert.Equal("\"minute\";r=1;t=60, \"day\";r=0;t=60", Take(limiter));
        Assert.Equal("day 60", Take(limiter));
        time.Go(60);
        Assert.NotNull(limiter.IdleDuration);
        Assert.Equal("\"minute\";r=1;t=60, \"day\";r=2;t=86400", Take(limiter));
    }

    private static string Take(WindowLimiter limiter)
    {
        using var lease = (WindowLimiter.Lease)limiter.AttemptAcquire();
        return lease.IsAcquired ? lease.Left.Left : $"{lease.Violated} {lease.RetryAfterSeconds}";
    }

    private static async Task<HttpResponseMessage> Send(CollectHost host, string method, string path, string key)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = method == "POST" ? new StringContent(Wire.Track) : null;
        return await host.Http.SendAsync(request);
    }

    private sealed class Clock : TimeProvider
    {
        // 80 seconds before midnight.
        private DateTimeOffset _now = new(2026, 11, 27, 23, 58, 40, TimeSpan.Zero);

        public void Go(int seconds) => _now += TimeSpan.FromSeconds(seconds);

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
