namespace Customer360.Storage.Pipelines;

/// <summary>Why a database could not be opened, in words for an operator.</summary>
/// <param name="Sentence">Names the file, server or setting at fault, and says what to do. No stored value, no password.</param>
/// <param name="Passes">True where it may be over in a while; false where somebody has to do something.</param>
internal readonly record struct OpeningFailure(string Sentence, bool Passes);
