using System.Collections.Concurrent;
using System.Collections.Immutable;
using Customer360.Api.Receipts;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Api.Profiles;

internal sealed partial class ProfileAccess
{
    /// <summary>
    /// Asks the grid what became of stored messages. One object per request: it remembers answers, so that a batch whose
    /// messages share identifiers asks once for each.
    /// </summary>
    private sealed class MessageOutcomes(IGrainFactory grains, CancellationToken aborted)
    {
        /// <summary>Decisions that are looked at to say why identifiers were not linked.</summary>
        private const int DecisionsMax = 1_000;

        private readonly ConcurrentDictionary<Identifier, Task<Owner?>> _owners = new();
        private readonly ConcurrentDictionary<(string, string), Task<List<DecisionRecord>>> _decisions = new();

        /// <summary>What became of a message.</summary>
        /// <param name="envelope">The message.</param>
        /// <param name="position">Its position in its partition.</param>
        /// <param name="appliedPosition">Every message of the partition up to here has been decided and applied.</param>
        public async Task<MessageOutcome> Of(Envelope envelope, long position, long appliedPosition)
        {
            bool isSettled = position <= appliedPosition;
            Owner?[] owners = await Task.WhenAll(
                envelope.Identifiers.Select(identifier => _owners.GetOrAdd(identifier, FindOwner))
            );
            string? customerId = owners[0]?.CustomerId;
            ImmutableArray<Identifier> apart =
            [
                .. envelope.Identifiers.Where(
                    (_, index) => customerId is null || owners[index]?.CustomerId != customerId
                ),
            ];
            List<DecisionRecord> history =
                customerId is null || apart.IsEmpty ? [] : await DecisionsNaming(customerId, apart);
            return new MessageOutcome(
                customerId,
                !envelope.IsHeld && (isSettled || position <= (owners[0]?.AppliedTo ?? 0)),
                [
                    .. envelope.Identifiers.Select(identifier =>
                        IdentifierOutcome.Of(identifier, !apart.Contains(identifier), isSettled, history)
                    ),
                    .. envelope.Blocked.Select(IdentifierOutcome.Of),
                ]
            );
        }

        /// <summary>The customer that holds an identifier now, behind any merges.</summary>
        private async Task<Owner?> FindOwner(Identifier identifier)
        {
            string? customerId = await grains.GetGrain<IIdentifierGrain>(identifier.ToString()).GetOwner();
            if (customerId is null)
            {
                return null;
            }

            for (int hop = 0; hop < HopsMax; hop++)
            {
                StandingReply standing = await grains.GetGrain<ICustomerGrain>(customerId).GetStanding(identifier);
                if (standing.MovedTo is null)
                {
                    return new Owner(customerId, standing.AppliedTo);
                }

                customerId = standing.MovedTo;
            }

            throw new InvalidOperationException("Forwarding stubs lead in a circle.");
        }

        private Task<List<DecisionRecord>> DecisionsNaming(string customerId, ImmutableArray<Identifier> identifiers) =>
            _decisions.GetOrAdd(
                (customerId, string.Join('\n', identifiers)),
                _ => ReadDecisions(customerId, identifiers)
            );

        private async Task<List<DecisionRecord>> ReadDecisions(
            string customerId,
            ImmutableArray<Identifier> identifiers
        )
        {
            // Merged away since its owner was asked for: nothing is said rather than something half right.
            DecisionsReply reply = await grains
                .GetGrain<ICustomerGrain>(customerId)
                .GetDecisions(new DecisionsRequest(DecisionsMax, After: null, identifiers), aborted);
            return [.. reply.Decisions.Select(decision => decision.ToRecord())];
        }

        /// <param name="AppliedTo">Up to which position the identifier's messages are in the customer's profile.</param>
        private sealed record Owner(string CustomerId, long AppliedTo);
    }
}
