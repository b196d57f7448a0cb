using System.Collections.Immutable;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Policies;

/// <summary>How a proposed policy is tried on the live grid.</summary>
public enum PolicyTrial
{
    /// <summary>It is compared with what is in force; nothing else is known before it counts.</summary>
    Comparison = 1,

    /// <summary>A job reads the whole log and says what would change.</summary>
    Job = 2,
}

/// <summary>
/// A kind of policy file: what is the same for all of them is here and in this folder, what is its own in
/// <see cref="PolicyKind{T}"/>. Without state, so one object serves a whole process.
/// </summary>
/// <param name="name">In lower case: part of paths, file names and keys. Never changed.</param>
/// <param name="builtIn">The file that counts until there is another.</param>
public abstract class PolicyKind(string name, string builtIn)
{
    public string Name { get; } = name;

    public string BuiltIn { get; } = builtIn;

    /// <summary>True: who proposes a policy may not put it in force; another key's approval does. Default: false.</summary>
    public virtual bool NeedsFourEyes => false;

    /// <summary>True where the kind decides without a person: then every entry must have an owner. Default: false.</summary>
    public virtual bool NeedsOwner => false;

    /// <summary>True where a file without examples gets a warning. Default: false.</summary>
    public virtual bool WantsExamples => false;

    /// <summary>Characters of a file at most. Every version is kept. Default: 65,536.</summary>
    public virtual int CharactersMax => 64 * 1024;

    public virtual PolicyTrial Trial => PolicyTrial.Comparison;

    /// <summary>
    /// Names what beside the file decides how it is understood: two releases that differ here differ in what the same file
    /// comes to, so a release that changes it counts as a change of the policy. Default: empty, nothing does.
    /// </summary>
    public virtual string Release => "";

    /// <summary>
    /// Paths of the file that a region may override, with everything below them: <c>messages</c>. Default: none.
    /// </summary>
    public virtual ImmutableArray<string> Overridable => [];

    /// <summary>Reads a file of this kind. All faults are found, not only the first.</summary>
    public abstract PolicyReading Read(string text, IConfigFormat format);

    /// <summary>
    /// False where stored data may stand elsewhere, or mean something else, by the next policy: the change then begins an
    /// epoch. False also where one of the two can't be read, since then nobody knows.
    /// </summary>
    public abstract bool HasSameGround(PolicyReading before, PolicyReading next);
}
