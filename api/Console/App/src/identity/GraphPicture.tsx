import cytoscape, { type Core } from 'cytoscape'
import { useEffect, useRef } from 'react'
import { Button, Waiting } from '../frame/parts'
import { colorOf } from './colors'
import type { Graph } from './graph'
import { useLayout } from './useLayout'

interface Props {
  graph: Graph
  /** Nodes that are not there yet at the chosen moment are faint. */
  moment: string
  /** Whose each identifier is at that moment. */
  owners: Map<string, string>
  selected: string | null
  onSelect: (id: string | null) => void
}

const labelsMax = 150
const ownerColors = ['--accent', '--violet', '--teal', '--warn', '--good']

/** The picture of who is linked with what. Whoever does not see it has the table beside it, which says the same. */
export function GraphPicture({ graph, moment, owners, selected, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const core = useRef<Core | null>(null)
  const places = useLayout(graph)
  const select = useRef(onSelect)
  select.current = onSelect

  useEffect(() => {
    if (!places || !box.current) return
    const plain = colorOf('--accent')
    const identifiers = graph.nodes.filter(node => node.kind === 'identifier').length
    const picture = cytoscape({
      container: box.current,
      elements: [
        ...graph.nodes.map(node => ({ data: { ...node, label: shown(node.label), color: plain }, position: { ...places[node.id] }, classes: `${node.kind} ${node.type === 'merge' ? 'merge' : ''}` })),
        ...graph.edges.map(edge => ({ data: { id: edge.id, source: edge.source, target: edge.target }, classes: edge.evidence.mergeId ? 'merge' : '' })),
      ],
      layout: { name: 'preset', fit: true, padding: 28 },
      style: styleOf(identifiers <= labelsMax),
      minZoom: 0.1,
      maxZoom: 1.8,
      pixelRatio: 'auto',
      hideEdgesOnViewport: identifiers > 500,
      textureOnViewport: identifiers > 500,
    })
    picture.on('tap', 'node, edge', event => select.current(event.target.id()))
    picture.on('tap', event => event.target === picture && select.current(null))
    core.current = picture
    return () => {
      picture.destroy()
      core.current = null
    }
  }, [graph, places])

  useEffect(() => {
    const picture = core.current
    if (!picture) return
    const known = [...new Set(owners.values())]
    // Each costs the browser a look at the page's styles, so they are asked for once and not for each node.
    const others = colorOf('--rule-strong')
    const colors = ownerColors.map(colorOf)
    picture.batch(() => {
      for (const node of graph.nodes) {
        const owner = known.indexOf(owners.get(node.id) ?? '')
        picture
          .getElementById(node.id)
          .toggleClass('later', node.at > moment)
          .data('color', node.kind !== 'identifier' ? others : colors[Math.max(0, owner) % colors.length])
      }
      for (const edge of graph.edges) picture.getElementById(edge.id).toggleClass('later', edge.evidence.at > moment)
    })
  }, [graph, moment, owners, places])

  useEffect(() => {
    core.current?.elements().unselect()
    if (selected) core.current?.getElementById(selected).select()
  }, [selected, places])

  return (
    <div className="picture">
      {!places && <Waiting rows={6} />}
      <div ref={box} className="canvas" role="img" aria-label="Identifiers and the messages that link them; the table beside says the same" />
      <div className="row picture-tools">
        <Button onPress={() => core.current?.zoom({ level: core.current.zoom() * 1.3, renderedPosition: middle(box.current) })} aria-label="Nearer">
          +
        </Button>
        <Button onPress={() => core.current?.zoom({ level: core.current.zoom() / 1.3, renderedPosition: middle(box.current) })} aria-label="Farther">
          −
        </Button>
        <Button onPress={() => core.current?.fit(undefined, 28)}>All</Button>
      </div>
    </div>
  )
}

const middle = (box: HTMLElement | null) => ({ x: (box?.clientWidth ?? 0) / 2, y: (box?.clientHeight ?? 0) / 2 })

const shown = (label: string) => (label.length > 28 ? `${label.slice(0, 27)}…` : label)

function styleOf(hasLabels: boolean): cytoscape.StylesheetJson {
  return [
    {
      selector: 'node.identifier',
      style: {
        width: 20,
        height: 20,
        'background-color': 'data(color)',
        label: hasLabels ? 'data(label)' : '',
        color: colorOf('--text'),
        'font-size': 10,
        'text-valign': 'bottom',
        'text-margin-y': 4,
        'border-width': 2,
        'border-color': colorOf('--surface'),
      },
    },
    { selector: 'node.message', style: { width: 9, height: 9, 'background-color': colorOf('--rule-strong') } },
    { selector: 'node.message.merge', style: { shape: 'diamond', width: 14, height: 14, 'background-color': colorOf('--warn') } },
    {
      selector: 'node.customer',
      style: { shape: 'round-rectangle', width: 22, height: 22, 'background-color': colorOf('--text-soft'), label: 'data(label)', color: colorOf('--text'), 'font-size': 10, 'text-valign': 'bottom', 'text-margin-y': 4 },
    },
    { selector: 'edge', style: { width: 1.4, 'line-color': colorOf('--rule-strong'), 'curve-style': 'haystack', opacity: 0.8 } },
    { selector: 'edge.merge', style: { width: 2.4, 'line-color': colorOf('--warn'), 'line-style': 'dashed' } },
    { selector: '.later', style: { opacity: 0.12 } },
    { selector: ':selected', style: { 'border-color': colorOf('--focus'), 'border-width': 4, 'line-color': colorOf('--focus') } },
    { selector: 'edge:selected', style: { width: 4 } },
  ]
}
