import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force'

/** Places the nodes of a graph away from the page's own thread, which stays free for whoever uses it. */

export interface LayoutQuestion {
  nodes: string[]
  links: [source: string, target: string][]
}

export type LayoutAnswer = Record<string, { x: number; y: number }>

interface Placed extends SimulationNodeDatum {
  id: string
}

/** Many nodes find their places in fewer steps, each of which costs more. */
const ticksOf = (nodes: number) => (nodes > 400 ? 120 : 300)

self.onmessage = ({ data }: MessageEvent<LayoutQuestion>) => {
  const nodes: Placed[] = data.nodes.map(id => ({ id }))
  const simulation = forceSimulation(nodes)
    .force(
      'link',
      forceLink<Placed, { source: string; target: string }>(data.links.map(([source, target]) => ({ source, target })))
        .id(node => node.id)
        .distance(48),
    )
    .force('charge', forceManyBody().strength(-160).distanceMax(600))
    .force('collide', forceCollide(22))
    .force('x', forceX().strength(0.04))
    .force('y', forceY().strength(0.06))
    .stop()
  simulation.tick(ticksOf(nodes.length))
  const places: LayoutAnswer = Object.fromEntries(nodes.map(node => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }]))
  self.postMessage(places)
}
