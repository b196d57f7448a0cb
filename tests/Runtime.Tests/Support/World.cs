using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Customer360.Runtime.Tests.Support;

/// <summary>What a test and its grains share, and what a restarted host finds again.</summary>
public sealed class World
{
    /// <summary>The name of the second storage; the first is the default one.</summary>
    public const string ArchiveName = "archive";

    public Gates Gates { get; } = new();

    public Journal Journal { get; } = new();

    public FaultyStorage Storage { get; } = new();

    public FaultyStorage Archive { get; } = new();

    public KeptReminderTable Reminders { get; } = new();

    /// <summary>Adds what grains take as constructor parameters, the storages and the reminder table.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(Gates);
        services.AddSingleton(Journal);
        services.AddSingleton<IGrainStorage>(Storage);
        services.AddKeyedSingleton<IGrainStorage>(ArchiveName, Archive);
        services.AddSingleton<IReminderTable>(Reminders);
    }
}
