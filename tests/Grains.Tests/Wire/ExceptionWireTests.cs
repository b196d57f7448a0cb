using System.Reflection;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Customer360.Storage;
using Orleans.Storage;

namespace Customer360.Grains.Tests.Wire;

/// <summary>What a grain throws arrives as what it is, in another silo and at a client.</summary>
public sealed class ExceptionWireTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    /// <summary>Every exception that is declared below the API.</summary>
    private static readonly Type[] s_ours =
    [
        .. new[] { typeof(StorageUnavailableException), typeof(ICustomerGrain), typeof(GridStorage), typeof(GridHost) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(Exception)) && !type.IsAbstract)
            // Made for log providers alone.
            .Where(type => type.Name != "GuardedException"),
    ];

    [Fact]
    public void Exceptions_OfOurs_ArriveAsTheyAre()
    {
        Assert.Contains(typeof(StorageUnavailableException), s_ours);
        foreach (Type type in s_ours)
        {
            Exception sent = Make(type);
            foreach (Exception arrived in hosts.Send(sent))
            {
                Assert.Equal(type, arrived.GetType());
                Assert.Equal(sent.Message, arrived.Message);
            }
        }
    }

    [Fact]
    public void Damage_WithWhatTellsOfIt_IsDamageWhereItArrives()
    {
        Exception[] damages =
        [
            new StorageDamagedException("A part of the database is damaged."),
            new OrleansException("Can't read.", new StorageDamagedException("A part of the database is damaged.")),
        ];
        foreach (Exception damage in damages)
        {
            Assert.False(Outages.Is(damage));
            Assert.True(Outages.IsDamage(damage));
            foreach (Exception arrived in hosts.Send(damage))
            {
                Assert.False(Outages.Is(arrived));
                Assert.True(Outages.IsDamage(arrived));
            }
        }
    }

    [Fact]
    public void Outage_WithWhatCausedIt_IsAnOutageWhereItArrives()
    {
        Exception[] outages =
        [
            new StorageUnavailableException("The storage is unavailable (57P01)."),
            new StorageUnavailableException("Away.", new TimeoutException("Too long.")),
            new OrleansException("Can't read.", new StorageUnavailableException("Away.")),
            new OrleansException(
                "Outer.",
                new OrleansException("Can't read.", new StorageUnavailableException("Away."))
            ),
            new InconsistentStateException("Another was first.", "2", "1"),
            new TimeoutException("Too long."),
            new OperationCanceledException("The node stops."),
        ];
        foreach (Exception outage in outages)
        {
            Assert.True(Outages.Is(outage));
            foreach (Exception arrived in hosts.Send(outage))
            {
                Assert.Equal(outage.GetType(), arrived.GetType());
                Assert.Equal(outage.InnerException?.GetType(), arrived.InnerException?.GetType());
                Assert.True(Outages.Is(arrived), arrived.ToString());
            }
        }
    }

    [Fact]
    public void Fault_OfACodeOfOurs_IsNoOutageWhereItArrives()
    {
        Exception fault = new InvalidOperationException("A bug.", new FormatException("No number."));
        foreach (Exception arrived in hosts.Send(fault))
        {
            Assert.False(Outages.Is(arrived));
            Assert.IsType<FormatException>(arrived.InnerException);
        }
    }

    private static Exception Make(Type type)
    {
        ConstructorInfo shortest = type.GetConstructors().OrderBy(one => one.GetParameters().Length).First();
        object?[] arguments =
        [
            .. shortest
                .GetParameters()
                .Select(parameter =>
                    parameter.ParameterType == typeof(string) ? "A text."
                    : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
                    : null
                ),
        ];
        return (Exception)shortest.Invoke(arguments);
    }
}
