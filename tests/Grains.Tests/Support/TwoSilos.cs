using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Customer360.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Core.Internal;
using Orleans.Runtime.Placement;

namespace Customer360.Grains.Tests.Support;

/// <summary>Two silos in this process, composed as in production, on one PostgreSQL database.</summary>
public sealed class TwoSilos : IAsyncDisposable
{
    private const int Partitions = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private int _requests;

    private TwoSilos(OneSilo first, OneSilo second)
    {
        First = first;
        Second = second;
    }

    public OneSilo First { get; }

    public OneSilo Second { get; }

    public static async Task<TwoSilos> StartAsync()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        string connection = await server.CreateDatabaseAsync();
        string cluster = $"two-{Guid.CreateVersion7():N}";
        var grid = new TwoSilos(new OneSilo(connection, cluster), new OneSilo(connection, cluster));
        await grid.First.Host.StartAsync();
        await grid.Second.Host.StartAsync();
        // Each knows of the other, and their shelves count.
        await TestGrid.Until(() =>
            grid.First.Tenure.Term is > 0 and var term
            && grid.Second.Tenure.Term == term
            && grid.First.Membership.CurrentSnapshot.Members.Count == 2
        );
        return grid;
    }

    /// <summary>A customer that lives on the first silo and was read there: its user id, and its own id.</summary>
    public async Task<(string UserId, string Customer)> CustomerOfFirst()
    {
        await Collect(Messages.Identify("m1", "u1", "a1"));
        string customer = (await First.Grains.GetGrain<IIdentifierGrain>("user_id:u1").GetOwner())!;
        await ActivateOn(First, customer);
        return ("u1", customer);
    }

    /// <summary>Has a customer's activation move to a silo, and be read there.</summary>
    public static Task ActivateOn(OneSilo silo, string customer)
    {
        ICustomerGrain grain = silo.Grains.GetGrain<ICustomerGrain>(customer);
        return TestGrid.UntilAsync(async () =>
        {
            await grain.GetProfile();
            bool isThere = silo.Shelf.Find(Identifier.Parse($"customer:{customer}")) is not null;
            if (!isThere)
            {
                RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.Address);
                await grain.Cast<IGrainManagementExtension>().MigrateOnIdle();
                RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            }

            return isThere;
        });
    }

    /// <summary>Asks again, as clients do that find that a silo has died.</summary>
    public async Task<ProfileViewReply> AskSecond(string customer)
    {
        ProfileViewReply? reply = null;
        await TestGrid.UntilAsync(async () =>
        {
            try
            {
                reply = await Second.Grains.GetGrain<ICustomerGrain>(customer).GetView();
                return true;
            }
            catch (Exception error) when (error is OrleansException or TimeoutException or StorageUnavailableException)
            {
                return false;
            }
        });
        return reply!;
    }

    public async Task DeclareFirstDead() => Assert.True(await Second.Membership.TryKill(First.Address));

    public Task StopSecond() => Second.StopAsync();

    /// <summary>Sends messages through the second silo until they are applied.</summary>
    public async Task Collect(params JsonObject[] messages)
    {
        string request = $"request-{++_requests}";
        Envelope[] envelopes = [.. messages.Select((message, index) => Read(message, request, index))];
        foreach (var parcel in envelopes.GroupBy(one => Contracts.Partitions.Of(one.Anchor, Partitions)))
        {
            await TestGrid.UntilAsync(async () =>
            {
                try
                {
                    CollectReply reply = await Second
                        .Grains.GetGrain<IIntakeGrain>(parcel.Key)
                        .Collect(new CollectRequest([.. parcel], true, s_patience));
                    return reply.Status == CollectStatus.Applied;
                }
                catch (Exception error)
                    when (error is OrleansException or TimeoutException or StorageUnavailableException)
                {
                    // A silo has just died, so the sender sends its message again.
                    return false;
                }
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Second.StopAsync();
        await First.StopAsync();
    }

    private static Envelope Read(JsonObject message, string request, int index)
    {
        using SentBody body = SentBody.OfMessage(Encoding.UTF8.GetBytes(message.ToJsonString()));
        Outcome<Envelope> read = new EnvelopeReader(IdentityRules.Default, new LibPhoneNumbers()).Read(
            body[0],
            new MessageContext("test", TimeProvider.System.GetUtcNow(), null, null, request, index)
        );
        return read.Value!;
    }
}

/// <summary>One of them. It goes on when it is told that it is dead, where a real process would end itself.</summary>
public sealed class OneSilo
{
    private static readonly TimeSpan s_stopMax = TimeSpan.FromSeconds(5);
    private readonly Undying _undying = new();
    private bool _isStopped;

    public OneSilo(string connection, string cluster)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings()
        );
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:Customer360", connection),
            new("Customer360:Cluster:ClusterId", cluster),
            new("Customer360:Cluster:Address", "127.0.0.1"),
            new("Customer360:Grid:Partitions", "4"),
        ]);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.AddGridSilo();
        builder.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler>(_undying));
        Host = builder.Build();
    }

    public IHost Host { get; }

    public IGrainFactory Grains => Host.Services.GetRequiredService<IGrainFactory>();

    public ProfileShelf Shelf => Host.Services.GetRequiredService<ProfileShelf>();

    public IShelfTenure Tenure => Host.Services.GetRequiredService<IShelfTenure>();

    public IClusterMembershipService Membership => Host.Services.GetRequiredService<IClusterMembershipService>();

    public SiloAddress Address => Host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>True once the silo was told that it is dead.</summary>
    public bool IsTold => _undying.IsTold;

    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        // A silo that was declared dead has nobody to take leave of.
        using var patience = new CancellationTokenSource(s_stopMax);
        await Host.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((IAsyncDisposable)Host).DisposeAsync();
    }

    private sealed class Undying : IFatalErrorHandler
    {
        private volatile bool _isTold;

        public bool IsTold => _isTold;

        public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) =>
            _isTold = true;
    }
}
