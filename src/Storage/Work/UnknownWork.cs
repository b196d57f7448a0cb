using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

internal static class UnknownWork
{
    /// <summary>A kind of request that a database's executor does not know: a defect of ours.</summary>
    public static InvalidOperationException Refuse(PipelineWork work) =>
        new($"No way to carry out a {work.GetType().Name}.");
}
