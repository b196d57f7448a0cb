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
 * A message that carried several identifiers stands between them. One that brought a single identifier carried something else that was the
 * customer's already: it is a line to the customer. So is a merge, from what it brought.
 */
export function graphOf(customerId: string, identifiers: ExplainedIdentifier[], history: HistoryEntry[]): Graph {
  const customer: GraphNode = { id: `customer ${customerId}`, kind: 'customer', label: 'the customer', type: 'customer', at: '' }
  const messages = new Map<string, { node: GraphNode; edges: GraphEdge[] }>()
  const nodes: GraphNode[] = []
  for (const one of identifiers) {
    const id = nameOf(one)
    const first = one.evidence.reduce((least, evidence) => (evidence.at < least ? evidence.at : least), one.evidence[0]?.at ?? '')
    nodes.push({ id, kind: 'identifier', label: one.value, type: one.type, at: first })
    for (const evidence of one.evidence) {
      const name = `message ${evidence.messageId}`
      const known = messages.get(name) ?? { node: { id: name, kind: 'message', label: evidence.messageId, type: 'message', at: evidence.at }, edges: [] }
      known.node.at = known.node.at < evidence.at ? known.node.at : evidence.at
      if (evidence.mergeId) known.node.type = 'merge'
      known.edges.push({ id: `${id} ${evidence.messageId} ${evidence.mergeId ?? ''}`, source: id, target: name, evidence })
      messages.set(name, known)
    }
  }

  const began = new Set(history.filter(entry => entry.kind === 'created' && entry.customerId === customerId).map(entry => `message ${entry.messageId}`))
  const shown: Graph = { nodes: [...nodes, customer], edges: [] }
  for (const { node, edges } of messages.values()) {
    if (edges.length === 1 && node.type !== 'merge') {
      shown.edges.push({ ...edges[0], target: customer.id })
      continue
    }
    shown.nodes.push(node)
    shown.edges.push(...edges)
    if (node.type === 'merge' || began.has(node.id)) {
      shown.edges.push({ id: `${customer.id} ${node.id}`, source: customer.id, target: node.id, evidence: edges[0].evidence })
    }
  }
  return shown
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
    for (const identifier of entry.identifiers ?? []) owners.set(identifier, entry.kind === 'split' ? (entry.otherCustomerId ?? entry.customerId) : entry.customerId)
  }
  return owners
}
