using Customer360.Storage.Postgres;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>Where a process keeps the grid, in words for whoever started it.</summary>
public static class GridPlace
{
    /// <summary>For example <c>/srv/data/customer360.db (SQLite)</c>; no password, whatever the settings hold.</summary>
    public static string Of(IConfiguration configuration) =>
        GridServices.ConnectionOf(configuration) is { } connection
            ? $"{new PostgresStorageOptions { ConnectionString = connection }.Place} (PostgreSQL), "
                + $"cluster {ClusterSettings.Read(configuration).ClusterId}"
            : $"{DataFolder.Of(configuration)} (SQLite)";
}
