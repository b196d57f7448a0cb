using Customer360.Engine.Conformance.Grains;

namespace Customer360.Engine.Conformance.Support;

/// <summary>Registered first, so it is the outer one.</summary>
public sealed class OuterIncomingFilter(Journal journal) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not FilteredGrain)
        {
            await context.Invoke();
            return;
        }

        var topic = context.TargetId.Key.ToString()!;
        journal.Add(topic, $"outer in {context.MethodName}");
        try
        {
            await context.Invoke();
        }
        catch (InvalidOperationException exception)
        {
            journal.Add(topic, $"outer saw {exception.Message}");
            throw new NotSupportedException("replaced by the filter", exception);
        }

        journal.Add(topic, $"outer out {context.Result}");
    }
}

/// <summary>Does what the argument says.</summary>
public sealed class InnerIncomingFilter(Journal journal) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not FilteredGrain || context.MethodName != nameof(IFilteredGrain.Say))
        {
            await context.Invoke();
            return;
        }

        var topic = context.TargetId.Key.ToString()!;
        journal.Add(topic, "inner in");
        switch (context.Request.GetArgument(0))
        {
            case FilterWords.AnswerWithoutTheGrain:
                context.Result = "the filter";
                return;
            case FilterWords.Refuse:
                throw new UnauthorizedAccessException("refused by the filter");
            case FilterWords.ChangeArgument:
                context.Request.SetArgument(0, "changed argument");
                break;
        }

        await context.Invoke();
        if (context.Result is FilterWords.ChangeResult)
        {
            context.Result = "changed result";
        }

        journal.Add(topic, "inner out");
    }
}
