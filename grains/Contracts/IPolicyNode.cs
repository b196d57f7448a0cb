namespace Customer360.Grains.Contracts;

/// <summary>This node's copies of the policies in force. Supplied by the silo, which keeps them up to date.</summary>
public interface IPolicyNode
{
    /// <summary>
    /// Has this node follow a version at once; the others do within a second. False where it can't be read here, by another
    /// release for instance. An older version than the one that is followed changes nothing.
    /// </summary>
    bool Follow(PolicyVersion version);
}
