using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Orleans.Storage;

namespace Customer360.Grains;

/// <summary>
/// The steps of a cut-over or a roll back, in pages. A page is written before its steps are done and again when they are, so at
/// most the last one is open. Written beside the job's own state, which is written often.
/// </summary>
internal sealed class StepJournal(IGrainStateStore states, string jobId)
{
    /// <summary>Steps of a page: what is done between two rests of a job, and repeated after a crash.</summary>
    public const int PageSteps = 20;

    /// <summary>Pages that there are; known after <see cref="Recall"/>.</summary>
    public int Pages { get; private set; }

    /// <summary>Reads all pages there are, in their order.</summary>
    public async IAsyncEnumerable<ImmutableArray<CutOverStep>> Recall()
    {
        Pages = 0;
        while (await Read(Pages) is { } page)
        {
            Pages++;
            yield return page;
        }
    }

    /// <summary>A page; null where there is none.</summary>
    public async Task<ImmutableArray<CutOverStep>?> Read(int page)
    {
        StoredState? state = await states.ReadAsync(GrainKeys.JobStepsState, KeyOf(page), CancellationToken.None);
        if (state is null)
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(state.Json);
        return [.. document.RootElement.GetProperty("steps"u8).EnumerateArray().Select(CutOverStep.Read)];
    }

    /// <summary>Writes the steps down before they are done.</summary>
    public async Task Open(ImmutableArray<CutOverStep> steps)
    {
        await Write(Pages, steps, expectedVersion: 0);
        Pages++;
    }

    /// <summary>Writes down how the steps of the last page ended.</summary>
    public Task Close(ImmutableArray<CutOverStep> steps) => Write(Pages - 1, steps, expectedVersion: 1);

    private async Task Write(int page, ImmutableArray<CutOverStep> steps, long expectedVersion)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("steps"u8);
        foreach (CutOverStep step in steps)
        {
            step.Write(writer, isPublic: false);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync();
        long? version = await states.WriteAsync(
            GrainKeys.JobStepsState,
            KeyOf(page),
            buffer.WrittenSpan.ToArray(),
            expectedVersion,
            CancellationToken.None
        );
        if (version is null)
        {
            throw new InconsistentStateException("Another activation writes the journal of this job.");
        }
    }

    private string KeyOf(int page) => string.Create(CultureInfo.InvariantCulture, $"{jobId}:{page:x8}");
}
