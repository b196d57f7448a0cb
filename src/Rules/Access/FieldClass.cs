namespace Customer360.Rules.Access;

/// <summary>How much harm it does when somebody sees a field who should not. Every field has exactly one class.</summary>
public enum FieldClass
{
    /// <summary>No pattern of the policy names it: only who sees everything sees it.</summary>
    Unclassified = 0,

    Public = 1,
    Internal = 2,
    Personal = 3,
    Sensitive = 4,
    Secret = 5,
}

/// <summary>The names that policy files have for classes.</summary>
public static class FieldClasses
{
    /// <summary>Those that a file may give a field.</summary>
    public const string Known = "public, internal, personal, sensitive, secret";

    public static string Text(FieldClass one) =>
        one switch
        {
            FieldClass.Public => "public",
            FieldClass.Internal => "internal",
            FieldClass.Personal => "personal",
            FieldClass.Sensitive => "sensitive",
            FieldClass.Secret => "secret",
            _ => "unclassified",
        };

    /// <summary>The class of a name; null where it is none that a file may give.</summary>
    public static FieldClass? Of(string text) =>
        text switch
        {
            "public" => FieldClass.Public,
            "internal" => FieldClass.Internal,
            "personal" => FieldClass.Personal,
            "sensitive" => FieldClass.Sensitive,
            "secret" => FieldClass.Secret,
            _ => null,
        };
}
