using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>The activation that an enumeration ran in has ended before the enumeration.</summary>
    [GenerateSerializer]
    public sealed class EnumerationAbortedException : Exception
    {
        public EnumerationAbortedException() { }

        public EnumerationAbortedException(string message)
            : base(message) { }

        public EnumerationAbortedException(string message, Exception? innerException)
            : base(message, innerException) { }
    }
}

namespace Customer360.EmbeddedEngine.Runtime
{
    /// <summary>
    /// A grain method that gives a sequence. Each step of the caller is a call of its own, which may interleave, so the
    /// grain serves others between two items.
    /// </summary>
    public abstract class GrainEnumerationRequest<T>
    {
        /// <summary>The method that is called.</summary>
        public abstract GrainMethod Method { get; }

        /// <summary>The token among the arguments, as filters see it.</summary>
        protected static CancellationToken CalleeToken => CancellationToken.None;

        public virtual int GetArgumentCount() => 0;

        public virtual object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

        public virtual void SetArgument(int index, object value) =>
            throw new ArgumentOutOfRangeException(nameof(index));

        /// <summary>Calls the grain's method; written by the generator.</summary>
        protected abstract IAsyncEnumerable<T> Open(object grain, CancellationToken cancellationToken);

        internal IAsyncEnumerable<T> OpenOn(object grain, CancellationToken token) => Open(grain, token);
    }

    /// <summary>The caller's end of a sequence.</summary>
    internal sealed class GrainEnumeration<T>(
        GrainReference target,
        GrainEnumerationRequest<T> request,
        CancellationToken callToken
    ) : IAsyncEnumerable<T>
    {
        /// <inheritdoc />
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(target, request, callToken, cancellationToken);

        private sealed class Enumerator(
            GrainReference target,
            GrainEnumerationRequest<T> request,
            CancellationToken callToken,
            CancellationToken enumerationToken
        ) : IAsyncEnumerator<T>
        {
            private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(
                callToken,
                enumerationToken
            );

            // Touched only in turns of the grain, whose object is kept to notice when another has taken its place.
            private IAsyncEnumerator<T>? _source;
            private object? _grain;

            /// <inheritdoc />
            public T Current { get; private set; } = default!;

            /// <inheritdoc />
            public async ValueTask<bool> MoveNextAsync()
            {
                _end.Token.ThrowIfCancellationRequested();
                var step = new Step(this, request.Method);
                var (hasValue, value) = await target.Binding.Engine.Send(target, step, _end.Token).Task;
                Current = value;
                return hasValue;
            }

            /// <inheritdoc />
            public async ValueTask DisposeAsync()
            {
                if (_source is not null)
                {
                    await target
                        .Binding.Engine.Send(target, new End(this, request.Method), CancellationToken.None)
                        .Task;
                }

                await _end.CancelAsync();
                _end.Dispose();
            }

            private async ValueTask<(bool HasValue, T Value)> StepAsync(object grain)
            {
                if (_source is null)
                {
                    _grain = grain;
                    _source = request.OpenOn(grain, _end.Token).GetAsyncEnumerator(_end.Token);
                }
                else if (!ReferenceEquals(grain, _grain))
                {
                    throw new EnumerationAbortedException(
                        $"The activation of {target.GrainId} that gave this sequence has ended."
                    );
                }

                return await _source.MoveNextAsync() ? (true, _source.Current) : (false, default!);
            }

            private ValueTask EndAsync(object grain) =>
                ReferenceEquals(grain, _grain) ? _source!.DisposeAsync() : ValueTask.CompletedTask;

            private sealed class Step(Enumerator enumerator, GrainMethod method)
                : GrainFunctionRequest<(bool HasValue, T Value)>
            {
                public override GrainMethod Method => method;

                internal override bool IsAlwaysInterleave => true;

                protected override ValueTask<(bool HasValue, T Value)> InvokeOn(object grain) =>
                    enumerator.StepAsync(grain);
            }

            private sealed class End(Enumerator enumerator, GrainMethod method) : GrainActionRequest
            {
                public override GrainMethod Method => method;

                internal override bool IsAlwaysInterleave => true;

                protected override ValueTask InvokeOn(object grain) => enumerator.EndAsync(grain);
            }
        }
    }
}
