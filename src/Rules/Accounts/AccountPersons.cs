using System.Collections.Immutable;

namespace Customer360.Rules.Accounts;

/// <summary>Counts an account's members by person: who came with two identifiers is one member.</summary>
public static class AccountPersons
{
    /// <summary>
    /// One entry a person, by identifier: the ordinally smallest that she was linked under, her first and her last time. Whoever left
    /// after the last is not among them.
    /// </summary>
    /// <param name="members">By identifier.</param>
    /// <param name="owners">Per member the customer that holds the identifier now; null: nobody yet, so she is one alone.</param>
    public static ImmutableArray<AccountMemberEntry> Of(
        ImmutableArray<AccountMemberEntry> members,
        IReadOnlyList<string?> owners
    )
    {
        var persons = ImmutableArray.CreateBuilder<AccountMemberEntry>(members.Length);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < members.Length; index++)
        {
            AccountMemberEntry member = members[index];
            if (owners[index] is not { } owner || places.TryAdd(owner, persons.Count))
            {
                persons.Add(member);
                continue;
            }

            int place = places[owner];
            persons[place] = AccountMemberEntry.Together(persons[place], member);
        }

        return [.. persons.Where(person => person.Stands)];
    }
}
