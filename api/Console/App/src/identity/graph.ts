import { type Evidence, type ExplainedIdentifier, type HistoryEntry, nameOf } from './types'

/** Identifiers and the messages that carried them: two identifiers are one person because a message carried both. */
export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

export interface GraphNode {
  id: string
  kind: 'identifier' | 'message'
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

export function graphOf(identifiers: ExplainedIdentifier[], history: HistoryEntry[]): Graph {
  const messages = new Map<string, GraphNode>()
  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  for (const one of identifiers) {
    const id = nameOf(one)
    const first = one.evidence.reduce((least, evidence) => (evidence.at < least ? evidence.at : least), one.evidence[0]?.at ?? '')
    nodes.push({ id, kind: 'identifier', label: one.value, type: one.type, at: first })
    for (const evidence of one.evidence) {
      const message = `message ${evidence.messageId}`
      const known = messages.get(message)
      if (!known || evidence.at < known.at) {
        messages.set(message, { id: message, kind: 'message', label: evidence.messageId, type: evidence.mergeId ? 'merge' : 'message', at: evidence.at })
      }
      if (evidence.mergeId) messages.get(message)!.type = 'merge'
      edges.push({ id: `${id} ${evidence.messageId} ${evidence.mergeId ?? ''}`, source: id, target: message, evidence })
    }
  }
  return { nodes: [...nodes, ...messages.values()], edges: [...edges, ...intoWhom(nodes, messages, history)] }
}

/**
 * The evidence of a merge names what it brought along, and not what it was brought to. That is drawn as one line, to the first identifier
 * which the customer that took the other one in had then.
 */
function intoWhom(nodes: GraphNode[], messages: Map<string, GraphNode>, history: HistoryEntry[]): GraphEdge[] {
  return history.flatMap(entry => {
    const message = `message ${entry.messageId}`
    if (entry.kind !== 'merged' || !entry.messageId || !messages.has(message)) return []
    const before = ownersAt(history, entry.at)
    const brought = new Set(entry.identifiers)
    const target = nodes.find(node => before.get(node.id) === entry.customerId && !brought.has(node.id) && node.at < entry.at)
    const evidence = { messageId: entry.messageId, source: entry.source ?? '', at: entry.at, ruleVersion: entry.ruleVersion, mergeId: entry.mergeId }
    return target ? [{ id: `into ${entry.id}`, source: target.id, target: message, evidence }] : []
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
