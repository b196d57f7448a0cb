import { type Evidence, type ExplainedIdentifier, type HistoryEntry, nameOf } from './types'

/** Identifiers and the messages that carried them: two identifiers are one person because a message carried both. */
export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

export interface GraphNode {
  id: string
  kind: 'identifier' | 'message' | 'customer'
  label: string
  type: string
  /** Since when it is there. */
  at: string
}

export interface GraphEdge {
  id: string
  source: string
  target: string
  evidence: Evidence
}

/**
 * A message that carried several identifiers stands between them. Where it brought one alone, or merged another customer in, what else it
 * carried was the customer's already: it is drawn to the customer.
 */
export function graphOf(customerId: string, identifiers: ExplainedIdentifier[], history: HistoryEntry[]): Graph {
  const messages = new Map<string, GraphNode>()
  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  for (const one of identifiers) {
    const id = nameOf(one)
    const first = one.evidence.reduce((least, evidence) => (evidence.at < least ? evidence.at : least), one.evidence[0]?.at ?? '')
    nodes.push({ id, kind: 'identifier', label: one.value, type: one.type, at: first })
    for (const evidence of one.evidence) {
      const message = messageId(evidence.messageId)
      const known = messages.get(message)
      messages.set(message, {
        id: message,
        kind: 'message',
        label: evidence.messageId,
        type: evidence.mergeId || known?.type === 'merge' ? 'merge' : 'message',
        at: known && known.at < evidence.at ? known.at : evidence.at,
      })
      edges.push({ id: `${id} ${evidence.messageId} ${evidence.mergeId ?? ''}`, source: id, target: message, evidence })
    }
  }

  const customer: GraphNode = { id: `customer ${customerId}`, kind: 'customer', label: 'the customer', type: 'customer', at: '' }
  return { nodes: [...nodes, ...messages.values(), customer], edges: [...edges, ...toCustomer(customer, customerId, messages, edges, history)] }
}

const messageId = (id: string) => `message ${id}`

function toCustomer(
  customer: GraphNode,
  customerId: string,
  messages: Map<string, GraphNode>,
  edges: GraphEdge[],
  history: HistoryEntry[],
): GraphEdge[] {
  const began = new Set(history.filter(entry => entry.kind === 'created' && entry.customerId === customerId).map(entry => messageId(entry.messageId ?? '')))
  const wasBrought = new Set(edges.filter(edge => edge.evidence.mergeId).map(edge => edge.source))
  return [...messages.values()].flatMap(message => {
    const mine = edges.filter(edge => edge.target === message.id)
    const isAlone = mine.length === 1 && !wasBrought.has(mine[0].source)
    if (message.type !== 'merge' && !isAlone && !began.has(message.id)) return []
    return [{ id: `${customer.id} ${message.id}`, source: customer.id, target: message.id, evidence: mine[0].evidence }]
  })
}

/** The times at which the history moved, in order: the steps of the slider. */
export const momentsOf = (history: HistoryEntry[]) => [...new Set(history.map(entry => entry.at))].sort()

/**
 * Whose each identifier was at a moment, by the decisions until then. Identifiers that the decisions do not name are the customer's own.
 */
export function ownersAt(history: HistoryEntry[], moment: string): Map<string, string> {
  const owners = new Map<string, string>()
  for (const entry of [...history].sort((one, other) => one.at.localeCompare(other.at))) {
    if (entry.at > moment || entry.kind.includes('refused') || entry.kind.includes('declined')) continue
    if (entry.otherCustomerId && entry.kind === 'merged') {
      for (const [identifier, owner] of owners) {
        if (owner === entry.otherCustomerId) owners.set(identifier, entry.customerId)
      }
    }
    for (const identifier of entry.identifiers ?? []) owners.set(identifier, entry.splitCustomerId ?? entry.customerId)
  }
  return owners
}
