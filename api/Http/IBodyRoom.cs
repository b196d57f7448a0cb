namespace Customer360.Api.Http;

/// <summary>Says how much memory a body may take while it arrives.</summary>
public interface IBodyRoom
{
    /// <summary>Takes so many bytes more; false where there is no room for them.</summary>
    bool TryGrow(int bytes);
}
