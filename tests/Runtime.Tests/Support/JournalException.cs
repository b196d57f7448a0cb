namespace Customer360.Runtime.Tests.Support;

/// <summary>What a test waited for did not happen.</summary>
public sealed class JournalException(string message) : Exception(message);
