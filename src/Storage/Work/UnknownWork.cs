using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

internal static class UnknownWork
{
    /// <summary>A kind of request that a database's executor does not know: this is a defect of the storage.</summary>
    public static InvalidOperationException Refuse(PipelineWork work) =>
        new($"No way to carry out a {work.GetType().Name}.");
}
