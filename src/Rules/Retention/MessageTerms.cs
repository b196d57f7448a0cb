using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Retention;

/// <summary>The terms of the messages of a kind and name: what <see cref="MessageRetention"/> says of them, found once.</summary>
internal sealed class MessageTerms
{
    private readonly RetentionTerm?[] _ofClasses = new RetentionTerm?[(int)FieldClass.Secret + 1];

    public MessageTerms(MessageRetention messages, EventKind kind, string? name)
    {
        Whole = messages.TermOf(kind, name);
        for (FieldClass of = FieldClass.Unclassified; of <= FieldClass.Secret; of++)
        {
            _ofClasses[(int)of] = messages.TermOf(kind, name, of);
        }
    }

    /// <summary>Of the message as a whole; null: without end.</summary>
    public RetentionTerm? Whole { get; }

    /// <summary>What is over for a message of that age; null: nothing.</summary>
    public ExpiredTerms? OverFor(DateTimeOffset receivedAt, DateTimeOffset now)
    {
        if (Whole is { } whole && whole.IsOver(receivedAt, now))
        {
            return new ExpiredTerms(whole, []);
        }

        RetentionTerm?[] over =
        [
            .. _ofClasses.Select(term => term is not null && term.IsOver(receivedAt, now) ? term : null),
        ];
        return Array.TrueForAll(over, term => term is null) ? null : new ExpiredTerms(null, over);
    }
}

/// <summary>The terms of a message that are over.</summary>
/// <param name="Whole">That of the message; null: only fields go.</param>
/// <param name="OfClasses">By class; null where the class's term is not over.</param>
internal sealed record ExpiredTerms(RetentionTerm? Whole, RetentionTerm?[] OfClasses)
{
    public RetentionTerm? Of(FieldClass of) => Whole ?? OfClasses[(int)of];
}
