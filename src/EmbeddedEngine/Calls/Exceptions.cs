namespace Orleans.Runtime;

/// <summary>Base of the errors that the engine itself reports.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    public OrleansException()
        : base("Unexpected error.") { }

    public OrleansException(string message)
        : base(message) { }

    public OrleansException(string message, Exception? innerException)
        : base(message, innerException) { }
}

/// <summary>A limit is reached: too many requests wait for one activation, or too many events for one consumer.</summary>
[GenerateSerializer]
public sealed class LimitExceededException : OrleansException
{
    public LimitExceededException()
        : base("Limit exceeded") { }

    public LimitExceededException(string message)
        : base(message) { }

    public LimitExceededException(string message, Exception innerException)
        : base(message, innerException) { }

    public LimitExceededException(string limitName, int current, int threshold, object extraInfo)
        : base($"Limit exceeded {limitName} Current={current} Threshold={threshold} {extraInfo}") { }
}

/// <summary>The request could not be handed to an activation.</summary>
[GenerateSerializer]
public class OrleansMessageRejectionException : OrleansException
{
    public OrleansMessageRejectionException() { }

    public OrleansMessageRejectionException(string message)
        : base(message) { }

    public OrleansMessageRejectionException(string message, Exception? innerException)
        : base(message, innerException) { }
}

/// <summary>The engine has stopped.</summary>
[GenerateSerializer]
public class SiloUnavailableException : OrleansMessageRejectionException
{
    public SiloUnavailableException() { }

    public SiloUnavailableException(string message)
        : base(message) { }

    public SiloUnavailableException(string message, Exception? innerException)
        : base(message, innerException) { }
}

/// <summary>The engine is configured in a way that cannot work; the message names what to change.</summary>
[GenerateSerializer]
public class OrleansConfigurationException : OrleansException
{
    public OrleansConfigurationException() { }

    public OrleansConfigurationException(string message)
        : base(message) { }

    public OrleansConfigurationException(string message, Exception? innerException)
        : base(message, innerException) { }
}

/// <summary>A provider that is asked for by name is not configured.</summary>
[GenerateSerializer]
public class BadProviderConfigException : OrleansException
{
    public BadProviderConfigException() { }

    public BadProviderConfigException(string message)
        : base(message) { }

    public BadProviderConfigException(string message, Exception? innerException)
        : base(message, innerException) { }
}
