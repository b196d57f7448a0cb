namespace Customer360.Rules.Profiles.Names;

/// <summary>The traits that say what a person is called. A search for people looks at these, each for who may see it.</summary>
[Flags]
public enum NameFields
{
    None = 0,

    /// <summary><c>firstName</c>.</summary>
    FirstName = 1,

    /// <summary><c>lastName</c>.</summary>
    LastName = 2,

    /// <summary><c>name</c>.</summary>
    Name = 4,

    All = FirstName | LastName | Name,
}
