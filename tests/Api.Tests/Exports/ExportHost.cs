using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;
using DuckDB.NET.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Exports;

/// <summary>The program that users run with a mirror of its own, and what reads that: DuckDB, which reads nothing but files here.</summary>
public sealed class ExportHost : IAsyncDisposable
{
    private ExportHost(PrivacyHost grid, string mirror)
    {
        Grid = grid;
        Mirror = mirror;
    }

    public PrivacyHost Grid { get; }

    /// <summary>The mirror's folder.</summary>
    public string Mirror { get; }

    /// <param name="role">The mirror's; who administers sees all, for no purpose.</param>
    /// <param name="configure">Services in the place of the usual ones.</param>
    /// <param name="more">Settings beside the usual ones.</param>
    public static async Task<ExportHost> Start(
        string role = "admin",
        string purpose = "",
        Action<IServiceCollection>? configure = null,
        params (string Name, string Value)[] more
    )
    {
        string mirror = Directory.CreateTempSubdirectory("c360-mirror-").FullName;
        return new ExportHost(
            await PrivacyHost.Start(
                configure: configure,
                more:
                [
                    ("Customer360:Exports:Folder", mirror),
                    ("Customer360:Exports:Role", role),
                    ("Customer360:Exports:Purpose", purpose),
                    ("Customer360:Jobs:Share", "1"),
                    .. more,
                ]
            ),
            mirror
        );
    }

    /// <summary>Has the mirror written; answers the job's result.</summary>
    public Task<JsonElement> Export(string body = "{}") => Run("/v1/exports", body);

    /// <summary>Has the mirror compared; answers the job's result.</summary>
    public Task<JsonElement> Verify(string body = "{}") => Run("/v1/exports:verify", body);

    /// <summary>The sentence with which an export fails.</summary>
    public async Task<string> FailToExport(string body = "{}")
    {
        JsonElement job = await End("/v1/exports", body);
        Assert.Equal("failed", job.GetProperty("status").GetString());
        return job.GetProperty("failure").GetString()!;
    }

    public async Task<string> Begin(string path, string body)
    {
        (HttpStatusCode status, JsonElement job) = await Grid.Officer(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.Accepted, $"{status} {job}");
        return job.GetProperty("id").GetString()!;
    }

    /// <summary>The files of a table, by the manifest.</summary>
    public string[] FilesOf(string table) =>
        [
            .. Manifest()
                .GetProperty("tables")
                .EnumerateArray()
                .Where(one => one.GetProperty("name").GetString() == table)
                .SelectMany(one => one.GetProperty("files").EnumerateArray())
                .Select(file => file.GetProperty("path").GetString()!),
        ];

    public JsonElement Manifest()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Mirror, "manifest.json")));
        return document.RootElement.Clone();
    }

    /// <summary>What DuckDB answers, a line for each row.</summary>
    /// <param name="sql">In it <c>$mirror</c> stands for the folder.</param>
    public string[] Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        foreach (
            string setting in (string[])
                [
                    "autoinstall_known_extensions=false",
                    "autoload_known_extensions=false",
                    "allow_community_extensions=false",
                    "memory_limit='256MB'",
                    "TimeZone='UTC'",
                ]
        )
        {
            using DuckDBCommand set = connection.CreateCommand();
            set.CommandText = $"set {setting}";
            set.ExecuteNonQuery();
        }

        using DuckDBCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql.Replace("$mirror", Mirror, StringComparison.Ordinal);
#pragma warning restore CA2100
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(
                string.Join(
                    '|',
                    Enumerable
                        .Range(0, reader.FieldCount)
                        .Select(index => reader.IsDBNull(index) ? "" : $"{reader.GetValue(index)}")
                )
            );
        }

        return [.. rows];
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        if (Directory.Exists(Mirror))
        {
            Directory.Delete(Mirror, recursive: true);
        }
    }

    private async Task<JsonElement> Run(string path, string body)
    {
        JsonElement job = await End(path, body);
        Assert.True(job.GetProperty("status").GetString() == "done", $"{job}");
        return job.GetProperty("result");
    }

    /// <summary>Begins a job and waits until it has ended, however that is.</summary>
    public async Task<JsonElement> End(string path, string body)
    {
        string id = await Begin(path, body);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            (_, JsonElement job) = await Grid.Officer(HttpMethod.Get, $"/v1/jobs/{id}");
            if (job.GetProperty("status").GetString() != "running")
            {
                return job;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
