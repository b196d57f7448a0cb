namespace Customer360.Storage.Pipelines;

/// <summary>How much a pipeline holds and how much one batch takes.</summary>
internal sealed record PipelineLimits(int QueueCountMax, long QueueBytesMax, int BatchRowsMax, long BatchBytesMax);
