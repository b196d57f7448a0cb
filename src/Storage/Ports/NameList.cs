using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="INameList"/>
internal sealed class NameList(IStorageBackend backend) : INameList
{
    /// <summary>What no character of a text is above: behind a word it is the end of all words that begin so.</summary>
    private const string Last = "\U0010FFFF";

    public Task<ImmutableArray<int>> CountAsync(
        ImmutableArray<string> words,
        int limit,
        CancellationToken cancellationToken
    )
    {
        Check(words, limit);
        return backend.CountNamesAsync(words, limit, cancellationToken);
    }

    public Task<NameLookPage> LookAsync(NameLook look, CancellationToken cancellationToken)
    {
        Check([look.Lead, .. look.Others], look.LookedAt);
        Check([], look.Limit);
        StorageText.CheckIfAny(look.After?.Word, nameof(look));
        StorageText.CheckIfAny(look.After?.CustomerId, nameof(look));
        return backend.LookAtNamesAsync(look, cancellationToken);
    }

    public Task<bool> IsBackfillOwedAsync(CancellationToken cancellationToken) =>
        backend.IsNameBackfillOwedAsync(cancellationToken);

    /// <summary>Where the words end that begin with a word.</summary>
    internal static string EndOf(string word) => word + Last;

    private static void Check(ImmutableArray<string> words, int limit)
    {
        foreach (string word in words)
        {
            StorageText.Check(word, nameof(words));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventLog.PageRowsMax);
    }
}
