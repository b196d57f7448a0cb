using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Customer360.Tests.Support;

/// <summary>Marks a test class that needs PostgreSQL. Its <see cref="DatabaseFactAttribute"/> tests are skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>
/// A test of a suite that runs on several databases: on a class that <see cref="NeedsPostgresAttribute"/> marks it is
/// reported as skipped, with the reason, where there is no server.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Customer360.Tests.Support.DatabaseFactDiscoverer", "Customer360.Tests.Support")]
public sealed class DatabaseFactAttribute : FactAttribute;

public sealed class DatabaseFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo factAttribute
    ) =>
        new DatabaseTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod
        );
}

public sealed class DatabaseTestCase : XunitTestCase
{
    [Obsolete("Called by the deserializer.")]
    public DatabaseTestCase() { }

    public DatabaseTestCase(
        IMessageSink messages,
        TestMethodDisplay display,
        TestMethodDisplayOptions displayOptions,
        ITestMethod testMethod
    )
        : base(messages, display, displayOptions, testMethod) { }

    protected override string GetSkipReason(IAttributeInfo factAttribute)
    {
        bool needsPostgres = TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any();
        return (needsPostgres ? PostgresServer.SkipReason : null) ?? base.GetSkipReason(factAttribute);
    }
}
