using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Orleans.Serialization.Invocation;

/// <summary>A call as data: what filters and interleaving predicates look at.</summary>
public interface IInvokable
{
    /// <summary>The grain object, once the call has reached it.</summary>
    object? GetTarget();

    int GetArgumentCount();

    object? GetArgument(int index);

    /// <summary>Replaces an argument; a filter may do so before the call is invoked.</summary>
    void SetArgument(int index, object value);

    string GetMethodName();

    string GetInterfaceName();

    string GetActivityName();

    MethodInfo GetMethod();

    Type GetInterfaceType();

    TimeSpan? GetDefaultResponseTimeout();

    CancellationToken GetCancellationToken();

    bool IsCancellable { get; }
}

/// <summary>What a call came to: a value, an error, or nothing.</summary>
public abstract class Response
{
    /// <summary>The response of a call without a value.</summary>
    public static Response Completed { get; } = new ResultResponse<object?>(null);

    /// <summary>The value. Throws the error if there is one.</summary>
    public abstract object? Result { get; set; }

    /// <summary>The error, or null.</summary>
    public abstract Exception? Exception { get; set; }

    public static Response FromException(Exception exception) => new ExceptionResponse { Exception = exception };

    public static Response FromResult<TResult>(TResult value) => new ResultResponse<TResult>(value);

    /// <summary>The value as <typeparamref name="T"/>. Throws the error if there is one.</summary>
    public T? GetResult<T>() => (T?)Result;

    private sealed class ResultResponse<TResult>(TResult? value) : Response
    {
        private TResult? _value = value;

        public override object? Result
        {
            get => _value;
            set => _value = (TResult?)value;
        }

        public override Exception? Exception
        {
            get => null;
            set => throw new InvalidOperationException("This response holds a result.");
        }
    }

    private sealed class ExceptionResponse : Response
    {
        public override object? Result
        {
            get
            {
                ExceptionDispatchInfo.Throw(Exception!);
                return null;
            }
            set => throw new InvalidOperationException("This response holds an exception.");
        }

        public override Exception? Exception { get; set; }
    }
}
