using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Benchmarks.Grid;

/// <summary>Single calls of a <see cref="GridServer"/>, where not the calls are measured.</summary>
internal sealed class GridClient : IDisposable
{
    private readonly HttpClient _client;

    public GridClient(int port)
    {
        _client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GridServer.Key);
    }

    public async Task<JsonElement> PostAsync(string path, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        using HttpResponseMessage response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await ReadAsync(response);
    }

    public async Task<JsonElement> PutAsync(string path, string body, string contentType)
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        using HttpResponseMessage response = await _client.PutAsync(new Uri(path, UriKind.Relative), content);
        return await ReadAsync(response);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response);
    }

    /// <summary>Waits for a job's end; answers the job.</summary>
    public async Task<JsonElement> WaitForJobAsync(string id)
    {
        while (true)
        {
            JsonElement job = await GetAsync($"/v1/jobs/{id}");
            switch (job.GetProperty("status").GetString())
            {
                case "running":
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                    break;
                case "done":
                    return job;
                default:
                    throw new InvalidOperationException($"The job did not come to its end: {job}");
            }
        }
    }

    public static TimeSpan TimeOf(JsonElement job) =>
        job.GetProperty("finishedAt").GetDateTimeOffset() - job.GetProperty("startedAt").GetDateTimeOffset();

    public void Dispose() => _client.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode} {text}");
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
