namespace Customer360.Engine.Conformance.Support;

/// <summary>Texts that tell the call filters what to do, as arguments of <c>IFilteredGrain.Say</c>.</summary>
public static class FilterWords
{
    public const string ChangeResult = "change the result";
    public const string ChangeArgument = "change the argument";
    public const string AnswerWithoutTheGrain = "answer without the grain";
    public const string Refuse = "refuse";
    public const string ReplaceException = "fail";
}
