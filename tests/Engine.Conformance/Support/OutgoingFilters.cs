using Customer360.Engine.Conformance.Grains;

namespace Customer360.Engine.Conformance.Support;

/// <summary>Registered first, so it is the outer one. Notes calls that leave a filtered grain, under the caller's key.</summary>
public sealed class OuterOutgoingFilter(Journal journal) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (!OutgoingFilters.Watches(context))
        {
            await context.Invoke();
            return;
        }

        var topic = OutgoingFilters.TopicOf(context);
        journal.Add(topic, $"outer out to {context.TargetId.Key}");
        try
        {
            await context.Invoke();
            journal.Add(topic, $"outer back {context.Result}");
        }
        catch (Exception exception)
        {
            journal.Add(topic, $"outer saw {exception.GetType().Name}");
            throw;
        }
    }
}

public sealed class InnerOutgoingFilter(Journal journal) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (!OutgoingFilters.Watches(context))
        {
            await context.Invoke();
            return;
        }

        journal.Add(OutgoingFilters.TopicOf(context), "inner out");
        await context.Invoke();
        if (context.Result is "mark the way back")
        {
            context.Result = "marked on the way back";
        }
    }
}

internal static class OutgoingFilters
{
    /// <summary>Calls from one filtered grain to another; calls from outside have no grain as their source.</summary>
    public static bool Watches(IOutgoingGrainCallContext context) =>
        context.InterfaceMethod.DeclaringType == typeof(IFilteredGrain)
        && context.MethodName == nameof(IFilteredGrain.Say)
        && context.SourceContext?.GrainInstance is FilteredGrain;

    public static string TopicOf(IOutgoingGrainCallContext context) => context.SourceContext!.GrainId.Key.ToString()!;
}
