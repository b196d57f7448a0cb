namespace Customer360.Engine.Conformance;

/// <summary>The host of every topic that needs no options of its own; starting one takes longer than most topics.</summary>
public sealed class SharedHost() : HostFixture(new HostOptions());

/// <summary>The collection that shares it; its topics keep apart by using their own grain keys.</summary>
[CollectionDefinition(Name)]
public sealed class SharedHostTopics : ICollectionFixture<SharedHost>
{
    public const string Name = "shared host";
}
