using Customer360.EmbeddedEngine.Runtime;
using Orleans;
using Orleans.CodeGeneration;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Reminders;

/// <summary>The call that brings a reminder to its grain.</summary>
internal sealed class ReminderRequest(string name, TickStatus status) : GrainActionRequest
{
    private static readonly GrainMethod s_method = new(
        typeof(IRemindable),
        "Orleans.IRemindable",
        nameof(IRemindable.ReceiveReminder),
        [typeof(string), typeof(TickStatus)],
        InvokeMethodOptions.None,
        0
    );

    /// <inheritdoc />
    public override GrainMethod Method => s_method;

    /// <inheritdoc />
    public override int GetArgumentCount() => 2;

    /// <inheritdoc />
    public override object? GetArgument(int index) =>
        index switch
        {
            0 => name,
            1 => status,
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

    /// <inheritdoc />
    protected override ValueTask InvokeOn(object grain) =>
        grain is IRemindable remindable
            ? new ValueTask(remindable.ReceiveReminder(name, status))
            : throw new InvalidOperationException($"{grain.GetType()} is not {nameof(IRemindable)}.");
}
