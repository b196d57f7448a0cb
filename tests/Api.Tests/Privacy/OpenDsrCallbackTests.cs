using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Crash;
using Customer360.Rules.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Privacy;

/// <summary>Callbacks reach who they are for, whatever goes wrong in between, and nobody else.</summary>
public sealed class OpenDsrCallbackTests
{
    private static readonly (string, string) s_oneTry = ("Customer360:Privacy:OpenDsr:CallbackTries", "1");

    [Fact]
    public async Task Callback_ThatIsNotTaken_IsRepeatedWithTheSameBodyUntilItIs()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        host.Receiver.Answer = static (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 500 : 202;
            return Task.CompletedTask;
        };

        await host.Create(host.BodyOf(OpenDsrHost.NewId()));
        List<ReceivedCallback> told = await host.Receiver.Until("completed");

        Assert.Equal(["in_progress", "in_progress", "completed"], told.Select(one => one.Status));
        Assert.Equal(told[0].Bytes, told[1].Bytes);
        Assert.Equal(
            told[0].Headers["X-OpenDSR-Signature"].ToString(),
            told[1].Headers["X-OpenDSR-Signature"].ToString()
        );
    }

    [Fact]
    public async Task Callback_ThatNobodyTakes_IsGivenUpAndRecorded()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start(more: s_oneTry);
        host.Receiver.Answer = static (context, _) =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        };
        string id = OpenDsrHost.NewId();

        await host.Create(host.BodyOf(id, urls: host.Receiver.Url("/secret-path?token=secret-token")));
        JsonElement request = await host.Request(id, one => GivenUp(one) == 2);

        Assert.Equal("done", request.GetProperty("status").GetString());
        Assert.DoesNotContain("secret", request.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, host.Receiver.Count);
        (_, JsonElement audit) = await host.Grid.Officer(HttpMethod.Get, "/v1/audit?action=privacy.callback-given-up");
        JsonElement[] records =
        [
            .. audit.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("record")),
        ];
        Assert.Equal(2, records.Length);
        Assert.All(
            records,
            record => Assert.Equal(request.GetProperty("id").GetString(), record.GetProperty("objectId").GetString())
        );
        Assert.Contains("127.0.0.1", audit.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", audit.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callbacks_OfOneReceiverThatHangs_HoldUpNoOther()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        await using OpenDsrReceiver other = await OpenDsrReceiver.Start(host.Authority.IssueServer());
        host.Receiver.Answer = static (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };

        await host.Create(host.BodyOf(OpenDsrHost.NewId(), urls: [host.Receiver.Url(), other.Url()]));

        List<ReceivedCallback> told = await other.Until("completed");
        Assert.Equal(["in_progress", "completed"], told.Select(one => one.Status));
        Assert.All(told, one => Assert.Equal(other.Url(), one.Body.GetProperty("status_callback_url").GetString()));
    }

    /// <summary>A redirect could lead from an address that may be asked to one that may not.</summary>
    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start(configure: WatchedSender.Add, more: s_oneTry);
        host.Receiver.Answer = static (context, _) =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        string id = OpenDsrHost.NewId();

        await host.Create(host.BodyOf(id));
        await host.Request(id, one => GivenUp(one) == 2);

        Assert.Equal([CallbackResult.Refused, CallbackResult.Refused], Results(host));
        Assert.Equal("/opendsr/callbacks", (await host.Receiver.Next()).Path);
        Assert.Equal("/opendsr/callbacks", (await host.Receiver.Next()).Path);
        Assert.Equal(2, host.Receiver.Count);
    }

    [Fact]
    public async Task Answer_WithoutEnd_IsCutOffAndCountsAsItsStatus()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start();
        var isCut = new TaskCompletionSource();
        host.Receiver.Answer = async (context, _) =>
        {
            byte[] piece = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                isCut.TrySetResult();
            }
        };

        await host.Create(host.BodyOf(OpenDsrHost.NewId()));
        List<ReceivedCallback> told = await host.Receiver.Until("completed");

        Assert.Equal(["in_progress", "completed"], told.Select(one => one.Status));
        await isCut.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
    }

    /// <summary>The name is good, and what it leads to is inside: that is known when it is connected to, and not before.</summary>
    [Fact]
    public async Task Name_ThatLeadsInside_IsNotConnectedTo()
    {
        string name = Dns.GetHostName();
        await using OpenDsrHost host = await OpenDsrHost.Start(configure: WatchedSender.Add, more: s_oneTry);
        await using OpenDsrReceiver inside = await OpenDsrReceiver.Start(host.Authority.IssueServer(name));
        string id = OpenDsrHost.NewId();

        await host.Create(host.BodyOf(id, urls: inside.Url(host: name)));
        await host.Request(id, one => GivenUp(one) == 2);

        Assert.Equal([CallbackResult.NotAllowed, CallbackResult.NotAllowed], Results(host));
        Assert.Equal(0, inside.Count);
    }

    /// <summary>The same name is called where an operator has named it, which shows that nothing else kept it away.</summary>
    [Fact]
    public async Task Name_ThatLeadsInsideAndIsAllowed_IsCalled()
    {
        string name = Dns.GetHostName();
        await using OpenDsrHost host = await OpenDsrHost.Start(
            more: ("Customer360:Privacy:OpenDsr:PrivateHosts:1", name)
        );
        await using OpenDsrReceiver inside = await OpenDsrReceiver.Start(host.Authority.IssueServer(name));

        await host.Create(host.BodyOf(OpenDsrHost.NewId(), urls: inside.Url(host: name)));

        Assert.Equal("completed", (await inside.Until("completed"))[^1].Status);
    }

    [Fact]
    public async Task Receiver_WhoseCertificateIsForAnother_IsNotTold()
    {
        await using OpenDsrHost host = await OpenDsrHost.Start(
            configure: WatchedSender.Add,
            more: [s_oneTry, ("Customer360:Privacy:OpenDsr:PrivateHosts:1", "localhost")]
        );
        string id = OpenDsrHost.NewId();

        await host.Create(host.BodyOf(id, urls: host.Receiver.Url(host: "localhost")));
        await host.Request(id, one => GivenUp(one) == 2);

        Assert.Equal([CallbackResult.Unreachable, CallbackResult.Unreachable], Results(host));
        Assert.Equal(0, host.Receiver.Count);
    }

    /// <summary>The node stops between the change and its callback: the next one finds what was not told.</summary>
    [Fact]
    public async Task Restart_BetweenAChangeAndItsCallback_TellsItAfterwards()
    {
        var sender = new StuckSender();
        await using OpenDsrHost host = await OpenDsrHost.Start(configure: services =>
            services.AddSingleton<IOpenDsrCallbackSender>(sender)
        );
        string id = OpenDsrHost.NewId();
        await host.Create(host.BodyOf(id));
        await sender.WasAsked.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await host.Request(id, one => one.GetProperty("status").GetString() == "done");

        // From now on with the program's own sender.
        await host.Grid.RestartAsync();
        await host.Request(id, one => Told(one) == 2);

        Assert.Equal(["in_progress", "completed"], (await host.Receiver.Until("completed")).Select(one => one.Status));
    }

    internal static int GivenUp(JsonElement request) => Sum(request, "givenUp");

    internal static int Told(JsonElement request) => Sum(request, "told");

    private static int Sum(JsonElement request, string member) =>
        request.GetProperty("openDsr").TryGetProperty("callbacks", out JsonElement callbacks)
            ? callbacks.EnumerateArray().Sum(one => one.GetProperty(member).GetInt32())
            : 0;

    private static IEnumerable<CallbackResult> Results(OpenDsrHost host) =>
        ((WatchedSender)host.Grid.Services.GetRequiredService<IOpenDsrCallbackSender>()).Results;

    /// <summary>Never comes to an end, but with the node.</summary>
    private sealed class StuckSender : IOpenDsrCallbackSender
    {
        private readonly TaskCompletionSource _wasAsked = new();

        public Task WasAsked => _wasAsked.Task;

        public async Task<CallbackResult> SendAsync(Uri url, ReadOnlyMemory<byte> body, CancellationToken stop)
        {
            _wasAsked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return CallbackResult.Unreachable;
        }
    }
}

/// <summary>The process is killed while a receiver has a callback and has not answered it.</summary>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class OpenDsrKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-opendsr-kill-").FullName;

    [Fact]
    public async Task Kill_WhileACallbackIsUnderWay_LosesNoneOfThem()
    {
        using var authority = new OpenDsrAuthority();
        await using OpenDsrReceiver receiver = await OpenDsrReceiver.Start(authority.IssueServer());
        receiver.Answer = static (context, number) =>
            number == 1
                ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                : Task.CompletedTask;
        await using var api = new ApiProcess([
            ("CUSTOMER360__DATA", _folder),
            .. authority.Settings().Select(one => (one.Name.Replace(":", "__", StringComparison.Ordinal), one.Value)),
        ]);
        api.Start();
        await api.WaitUntilReadyAsync();
        string id = OpenDsrHost.NewId();
        using var body = new StringContent(
            $$"""
            {"subject_request_id":"{{id}}","subject_request_type":"access","submitted_time":"2026-11-27T10:00:00Z",
            "subject_identities":[{"identity_type":"email","identity_value":"{{OpenDsrHost.Jane}}","identity_format":"raw"}],
            "status_callback_urls":["{{receiver.Url()}}"]}
            """,
            Encoding.UTF8,
            "application/json"
        );
        var path = new Uri(OpenDsrHost.Requests, UriKind.Relative);
        using HttpResponseMessage taken = await api.Http.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        ReceivedCallback first = await receiver.Next();

        await api.KillAsync();
        api.Start();
        await api.WaitUntilReadyAsync();

        // Nobody asks for the request: it goes on by itself, and so do its callbacks.
        ReceivedCallback again = await receiver.Next();
        ReceivedCallback last = (await receiver.Until("completed"))[^1];
        Assert.Equal(first.Bytes, again.Bytes);
        Assert.Equal("in_progress", again.Status);
        OpenDsrReceiver.AssertSigned(
            authority.Certificate,
            last.Bytes,
            last.Headers["X-OpenDSR-Processor-Domain"].ToString(),
            last.Headers["X-OpenDSR-Signature"].ToString()
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
