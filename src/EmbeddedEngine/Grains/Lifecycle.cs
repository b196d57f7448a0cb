namespace Orleans
{
    /// <summary>Takes part in one stage of a lifecycle.</summary>
    public interface ILifecycleObserver
    {
        Task OnStart(CancellationToken cancellationToken = default);

        Task OnStop(CancellationToken cancellationToken = default);
    }

    /// <summary>Stages to take part in.</summary>
    public interface ILifecycleObservable
    {
        /// <summary>Adds an observer to a stage; stages start in rising order and stop in falling order.</summary>
        IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
    }
}

namespace Orleans.Runtime
{
    /// <summary>The lifecycle of an activation.</summary>
    public interface IGrainLifecycle : ILifecycleObservable;

    /// <summary>Stages of an activation's lifecycle.</summary>
    public static class GrainLifecycleStage
    {
        public const int First = int.MinValue;
        public const int SetupState = 1000;
        public const int Activate = 2000;
        public const int Last = int.MaxValue;
    }

    /// <summary>
    /// The activation whose turn is running on this thread. Thread-static, not flowing: code that left the activation's
    /// scheduler (a continuation without context, a pool thread) is outside the grain and sees null.
    /// </summary>
    internal static class RuntimeContext
    {
        [ThreadStatic]
        private static IGrainContext? s_current;

        public static IGrainContext? Current
        {
            get => s_current;
            set => s_current = value;
        }
    }
}
