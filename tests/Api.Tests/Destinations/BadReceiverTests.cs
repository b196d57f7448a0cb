using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;
using Microsoft.AspNetCore.Http;

namespace Customer360.Api.Tests.Destinations;

/// <summary>Receivers that do what they should not: each comes to an outcome that has a name, and harms nobody else.</summary>
public sealed class BadReceiverTests
{
    /// <summary>One second for a try: what never answers is not waited for longer.</summary>
    private const string Quick = "limits: {timeout: 1}";

    [Fact]
    public async Task Receiver_ThatAnswersAPageForPeople_HasTakenNothing()
    {
        await using DestinationHost host = await DestinationHost.Start();
        host.Receiver.Answer = static async (context, number) =>
        {
            if (number == 1)
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.WriteAsync("<!DOCTYPE html><html><body>Please log in.</body></html>");
            }
        };

        await AssertTriedAgain(host, "html_page");
    }

    [Fact]
    public async Task Receiver_ThatRedirectsInside_IsNotFollowed()
    {
        await using DestinationHost host = await DestinationHost.Start();
        await using OpenDsrReceiver inside = await OpenDsrReceiver.Start(host.Certificate());
        host.Receiver.Answer = (context, _) =>
        {
            context.Response.Redirect(inside.Url("/latest/meta-data"));
            return Task.CompletedTask;
        };

        await host.Identify("u-1");

        JsonElement dead = Assert.Single(await host.Deliveries("outcome=failed"));
        Assert.Equal("redirected", dead.GetProperty("reason").GetString());
        Assert.Equal(0, inside.Count);
    }

    [Fact]
    public async Task Receiver_ThatNeverAnswers_IsLeftAfterItsTime()
    {
        await using DestinationHost host = await DestinationHost.Start(
            DestinationHost.PolicyOf("profile.changed", Quick)
        );
        host.Receiver.Answer = static (context, number) =>
            number == 1
                ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                : Task.CompletedTask;

        await AssertTriedAgain(host, "timed_out");
    }

    [Fact]
    public async Task Receiver_ThatAnswersAGigabyte_IsReadNoFurtherThanItMayBe()
    {
        await using DestinationHost host = await DestinationHost.Start();
        TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Receiver.Answer = async (context, number) =>
        {
            if (number > 1)
            {
                return;
            }

            byte[] part = new byte[64 * 1024];
            try
            {
                for (long written = 0; written < 1024L * 1024 * 1024; written += part.Length)
                {
                    await context.Response.Body.WriteAsync(part, context.RequestAborted);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The grid has closed the connection.
                cut.SetResult();
            }
        };

        await AssertTriedAgain(host, "answer_too_large");

        // The receiver sees the close a moment after the grid has counted the try.
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    [Fact]
    public async Task Receiver_ThatClosesWithinTheBody_IsAskedAgain()
    {
        await using DestinationHost host = await DestinationHost.Start();
        host.Receiver.Answer = static async (context, number) =>
        {
            if (number == 1)
            {
                context.Response.ContentLength = 1_000;
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                context.Abort();
            }
        };

        // Where the close overtakes the head of the answer there was none.
        await AssertTriedAgain(host, "answer_broken", "connection_lost");
    }

    [Fact]
    public async Task Receiver_WhoseCertificateIsOfNobody_IsToldNothing()
    {
        await using DestinationHost host = await DestinationHost.Start(hasWrongCertificate: true);

        await host.Identify("u-1");

        await host.WaitingWith("certificate_refused");
        Assert.Equal(0, host.Receiver.Count);
    }

    [Fact]
    public async Task Address_ThatIsPrivateAndNotAllowed_PausesTheDestination()
    {
        await using DestinationHost host = await DestinationHost.Start(
            DestinationHost.PolicyOf("profile.changed", address: "https://localhost:$PORT/hook")
        );

        await host.Identify("u-1");

        JsonElement standing = await host.StandingWhen(one => one.GetProperty("status").GetString() == "paused");
        Assert.Equal("address_not_allowed", standing.GetProperty("reason").GetString());
        Assert.Equal(1, standing.GetProperty("waiting").GetInt64());
        Assert.Equal(0, host.Receiver.Count);
    }

    [Fact]
    public async Task Secret_ThatNoSettingHas_PausesTheDestination()
    {
        await using DestinationHost host = await DestinationHost.Start(
            DestinationHost.PolicyOf("profile.changed").Replace("SECOND", "FORGOTTEN", StringComparison.Ordinal)
        );

        await host.Identify("u-1");

        JsonElement standing = await host.StandingWhen(one => one.GetProperty("status").GetString() == "paused");
        Assert.Equal("secret_missing", standing.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Receiver_ThatIsSlowForOneCustomer_IsNotSlowForOthers()
    {
        await using DestinationHost host = await DestinationHost.Start(DestinationHost.PolicyOf("message"));
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await host.Track("u-slow", "First");
        string customer = (await host.Receiver.Next()).Body.GetProperty("data").GetProperty("customerId").GetString()!;
        await host.Deliveries("outcome=sent");
        host.Receiver.Answer = async (context, _) =>
        {
            if (((string)context.Items["body"]!).Contains(customer, StringComparison.Ordinal))
            {
                await slow.Task.WaitAsync(context.RequestAborted);
            }
        };

        await host.Track("u-slow", "Second");
        await host.Track("u-slow", "Third");
        for (int number = 0; number < 20; number++)
        {
            await host.Track($"u-{number}", "Order");
        }

        Assert.Equal(21, (await host.Deliveries("outcome=sent", 21)).Length);
        JsonElement[] waiting = await host.Deliveries("outcome=waiting", 2);
        Assert.Equal(2, waiting.Length);
        Assert.All(waiting, line => Assert.Equal(customer, line.GetProperty("customerId").GetString()));
        slow.SetResult();
        await host.Deliveries("outcome=sent", 23);
    }

    [Fact]
    public async Task Destination_ThatIsDead_HoldsUpNoOther()
    {
        await using DestinationHost host = await DestinationHost.Start(
            """
            owner: {team: growth, contact: growth}
            destinations:
              dead: {kind: webhook, address: "https://127.0.0.1:1/nobody", secrets: [FIRST], purpose: sales-contact, role: sales, effects: [message]}
              hook: {kind: webhook, address: "https://127.0.0.1:$PORT/hook", secrets: [FIRST], purpose: sales-contact, role: sales, effects: [message]}
            """
        );

        for (int number = 0; number < 50; number++)
        {
            await host.Track($"u-{number}", "Order");
        }

        Assert.Equal(50, (await host.Deliveries("outcome=sent", 50)).Length);
        (HttpStatusCode status, JsonElement all) = await host.Grid.Officer(HttpMethod.Get, "/v1/destinations");
        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement dead = all.GetProperty("destinations")
            .EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "dead");
        Assert.Equal((50, 0), (dead.GetProperty("waiting").GetInt64(), dead.GetProperty("sent").GetInt64()));
    }

    private static async Task AssertTriedAgain(DestinationHost host, params string[] reasons)
    {
        await host.Identify("u-1");

        await host.WaitingWith(reasons);
        await host.Deliveries("outcome=sent");
        Assert.Equal(2, host.Receiver.Count);
    }
}
