using System.Net.Sockets;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Npgsql;
using Orleans.Runtime.Messaging;

namespace Customer360.Grains.Tests.Intake;

/// <summary>What a dying node or database throws must never set a message aside.</summary>
public sealed class OutagesTests
{
    public static TheoryData<Exception> Passing =>
        [
            new StorageUnavailableException("away"),
            new TimeoutException(),
            new TaskCanceledException(),
            new SiloUnavailableException("gone"),
            new ConnectionFailedException("refused"),
            new GatewayTooBusyException("busy"),
            new NpgsqlException("the reminder table is away"),
            new SocketException(),
            new IOException("broken pipe"),
            new RaceLostException("An identity decision did not come to rest."),
            new OrleansException("Current directory is not stable to perform the lookup."),
            new OrleansException("The reminder service is still initializing.", new TimeoutException()),
        ];

    public static TheoryData<Exception> Staying =>
        [new InvalidOperationException("a bug"), new OrleansException("a bug", new ArgumentException("x"))];

    [Theory]
    [MemberData(nameof(Passing))]
    public void Is_OfWhatPasses_IsTrue(Exception error) => Assert.True(Outages.Is(error));

    [Theory]
    [MemberData(nameof(Staying))]
    public void Is_OfWhatStays_IsFalse(Exception error) => Assert.False(Outages.Is(error));
}
