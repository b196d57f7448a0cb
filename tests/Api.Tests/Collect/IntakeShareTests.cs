using System.Net;
using System.Net.Sockets;
using System.Text;
using Customer360.Api.Collect;
using Customer360.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Collect;

/// <summary>Nobody shuts out another, however many slow senders there are.</summary>
public sealed class IntakeShareTests
{
    private const string OtherKey = "other-key-0123456789";

    private static readonly (string, string)[] s_secondKey =
    [
        ("Customer360:Keys:3:Name", "shop"),
        ("Customer360:Keys:3:Key", OtherKey),
        ("Customer360:Keys:3:Roles:0", "collect"),
    ];

    [Theory]
    [InlineData("Content-Encoding: gzip\r\nContent-Length: 400000")]
    [InlineData("Content-Length: 400000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task SlowSenders_WithoutAKey_LeaveRoomForLargeBodies(string headers)
    {
        using CollectHost host = new();
        await using SlowSenders slow = new(host, 200, headers);
        await slow.WaitUntilEnteredAsync();

        await AssertTakesLargeBodiesAsync(host.Authorized);
    }

    [Fact]
    public async Task SlowSenders_WithoutAKeyAndMoreThanFit_LeaveRoomForKeys()
    {
        using CollectHost host = new(("Customer360:Collect:RequestsInFlightMax", "100"));
        await using SlowSenders slow = new(host, 200, "Content-Length: 400000");
        await slow.WaitUntilTurnedAwayAsync(150);

        await AssertTakesLargeBodiesAsync(host.Authorized);
    }

    [Theory]
    [InlineData(OtherKey)]
    [InlineData("an-unknown-key-0123456789")]
    public async Task SlowSenders_OfOneKey_LeaveRoomForAnother(string key)
    {
        using CollectHost host = new([.. s_secondKey, ("Customer360:Collect:RequestsInFlightMax", "100")]);
        await using SlowSenders slow = new(host, 200, $"Authorization: Bearer {key}\r\nContent-Length: 400000");
        await slow.WaitUntilTurnedAwayAsync(150);

        await AssertTakesLargeBodiesAsync(host.Authorized);
    }

    [Fact]
    public async Task SlowBodies_ThatHaveArrivedInPart_LeaveRoomForAnotherKey()
    {
        using CollectHost host = new([.. s_secondKey, ("Customer360:Collect:BytesInFlightMax", "4000000")]);
        // Each has sent 300 KB of its 400, so it has 400 KB of buffers: five of them have half of everything.
        await using SlowSenders slow = new(
            host,
            20,
            $"Authorization: Bearer {OtherKey}\r\nContent-Length: 400000",
            sentBytes: 300_000
        );
        await slow.WaitUntilTurnedAwayAsync(15);

        await AssertTakesLargeBodiesAsync(host.Authorized);
    }

    [Fact]
    public async Task KeyInTheBody_IsFoundAmongSlowSendersOfTheSameNetwork()
    {
        using CollectHost host = new();
        await using SlowSenders slow = new(host, 200, "Content-Length: 400000");
        await slow.WaitUntilEnteredAsync();

        HttpResponseMessage response = await host.Http.PostTextAsync(
            "/v1/track",
            $$"""{"event":"e","userId":"u","writeKey":"{{CollectHost.CollectKey}}"}"""
        );

        await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task BodyThatComesTooSlowly_IsAnswered408()
    {
        using CollectHost host = new(("Customer360:Collect:BodyBytesPerSecondMin", "1000000"));

        string answer = await Wire.SendRawAsync(
            host.Address,
            Encoding.ASCII.GetBytes(
                $"POST /v1/track HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {CollectHost.CollectKey}\r\n"
                    + "Content-Length: 1000\r\nConnection: close\r\n\r\n{"
            )
        );

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    /// <summary>A body of 400 KB, plain and packed.</summary>
    private static async Task AssertTakesLargeBodiesAsync(HttpClient http)
    {
        string batch = Wire.Batch(
            Enumerable
                .Range(0, 40)
                .Select(number =>
                    $$$"""{"type":"track","event":"e","userId":"u","properties":{"text":"{{{new string('x', 10_000)}}}","n":{{{number}}}}}"""
                )
        );
        await (await http.PostTextAsync("/v1/batch", batch)).ReadJsonAsync(HttpStatusCode.OK);
        byte[] packed = Wire.Gzip(Encoding.UTF8.GetBytes(batch));
        await (await http.PostBytesAsync("/v1/batch", packed, "gzip")).ReadJsonAsync(HttpStatusCode.OK);
    }

    /// <summary>Connections that each have begun a request and send nothing more.</summary>
    private sealed class SlowSenders : IAsyncDisposable
    {
        private readonly CollectHost _host;
        private readonly TcpClient[] _connections;
        private readonly Task[] _turnedAway;
        private int _turnedAwayCount;

        public SlowSenders(CollectHost host, int count, string headers, int sentBytes = 1)
        {
            _host = host;
            _connections = [.. Enumerable.Range(0, count).Select(_ => new TcpClient())];
            _turnedAway = [.. _connections.Select(one => RunAsync(one, headers, sentBytes))];
        }

        /// <summary>All of them have their places.</summary>
        public Task WaitUntilEnteredAsync()
        {
            IntakeGate gate = _host.Services.GetRequiredService<IntakeGate>();
            return WaitAsync(() => gate.Requests == _connections.Length, "all slow senders to have a place");
        }

        /// <summary>All that there was room for have their places, and so many others were answered 429.</summary>
        public Task WaitUntilTurnedAwayAsync(int count) =>
            WaitAsync(() => Volatile.Read(ref _turnedAwayCount) >= count, $"{count} slow senders to be turned away");

        public async ValueTask DisposeAsync()
        {
            foreach (TcpClient connection in _connections)
            {
                connection.Dispose();
            }

            await Task.WhenAll(_turnedAway).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task RunAsync(TcpClient connection, string headers, int sentBytes)
        {
            await connection.ConnectAsync(_host.Address.Host, _host.Address.Port);
            NetworkStream stream = connection.GetStream();
            byte[] start = Encoding.ASCII.GetBytes($"POST /v1/batch HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n");
            await stream.WriteAsync(start);
            if (!headers.Contains("chunked", StringComparison.Ordinal))
            {
                await stream.WriteAsync(new byte[sentBytes]);
            }

            byte[] answer = new byte[64];
            int read = await stream.ReadAsync(answer);
            if (Encoding.ASCII.GetString(answer, 0, read).StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _turnedAwayCount);
            }
        }

        private static async Task WaitAsync(Func<bool> condition, string what)
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30), TimeProvider.System);
            while (!condition())
            {
                Assert.False(patience.IsCancellationRequested, $"Waited in vain for {what}.");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }
}
