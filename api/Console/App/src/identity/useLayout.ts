import { useEffect, useState } from 'react'
import type { Graph } from './graph'
import type { LayoutAnswer, LayoutQuestion } from './layout.worker'

/** Where each node of the graph lies; null until that is worked out. */
export function useLayout(graph: Graph): LayoutAnswer | null {
  const [places, setPlaces] = useState<LayoutAnswer | null>(null)
  useEffect(() => {
    const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => setPlaces(data)
    const question: LayoutQuestion = {
      nodes: graph.nodes.map(node => node.id),
      links: graph.edges.map(edge => [edge.source, edge.target]),
    }
    worker.postMessage(question)
    return () => worker.terminate()
  }, [graph])
  return places
}
