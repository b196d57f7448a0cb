using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Hosting;

/// <summary>
/// What the programs log, and how: JSON for machines, and in Development one readable line each for the person before the console.
/// </summary>
public static class GridLogging
{
    // The lowest of all settings, so that every other place can say otherwise.
    private static readonly Dictionary<string, string?> s_levels = new(StringComparer.Ordinal)
    {
        [Level("Default")] = nameof(LogLevel.Information),

        // A host that can't start tells its cause twice: here with a stack, and by the exception that the programs tell in a
        // sentence. What ends a running host is critical.
        [Level("Microsoft.Extensions.Hosting.Internal.Host")] = nameof(LogLevel.Critical),

        // The programs say themselves where they listen.
        [Level("Microsoft.Hosting.Lifetime")] = nameof(LogLevel.Warning),

        // Its messages below warnings hold paths and queries, which here name people: whoever turns them on takes that data into
        // the log.
        [Level("Microsoft.AspNetCore")] = nameof(LogLevel.Warning),

        // It says only that requests begin and end; while it may log at all, every request gets an activity and a scope.
        [Level("Microsoft.AspNetCore.Hosting.Diagnostics")] = nameof(LogLevel.None),

        // Below warnings Orleans tells of each of its parts: 70 lines a start, and two by Polly for each grain that wakes.
        [Level("Orleans")] = nameof(LogLevel.Warning),
        [Level("Polly")] = nameof(LogLevel.Warning),

        // At each start it takes the time since the machine was switched on for a thread that hangs.
        [Level("Orleans.Runtime.Watchdog")] = nameof(LogLevel.Error),

        // Advice about the garbage collector.
        [Level("Orleans.Runtime.Silo")] = nameof(LogLevel.Error),

        // Each second that a client waits for its cluster, which the start says itself.
        [Level("Orleans.Messaging.GatewayManager")] = nameof(LogLevel.Error),

        // Two lines for each call of an agent; below them stands what agents send.
        [Level("ModelContextProtocol")] = nameof(LogLevel.Warning),

        // A line for each partition; the start says when all are open.
        [Level("Customer360.Grains.IntakeGrain")] = nameof(LogLevel.Warning),
    };

    public static void AddGridLogging(this IHostApplicationBuilder builder)
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(
            0,
            new MemoryConfigurationSource { InitialData = s_levels }
        );
        builder.Logging.ClearProviders();

        // The scope of a request holds its path.
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
                console.IncludeScopes = false;
            });
        }
        else
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.JsonWriterOptions = AnswerJson.Options;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                console.IncludeScopes = false;
            });
        }
    }

    private static string Level(string category) => $"Logging:LogLevel:{category}";
}
