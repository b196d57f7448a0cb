import { Card, Chip, Empty } from '../frame/parts'
import { Time } from '../frame/values'
import type { Graph, GraphEdge } from './graph'

/** The evidence behind what was chosen in the picture or the table: each message, and the rules that it was judged by. */
export function Chosen({ graph, selected }: { graph: Graph; selected: string | null }) {
  const node = graph.nodes.find(one => one.id === selected)
  const edges = graph.edges.filter(edge => edge.id === selected || edge.source === selected || edge.target === selected)
  return (
    <Card title={selected ? 'Evidence' : 'Choose a point or a line'}>
      <div aria-live="polite">
        {edges.length === 0 ? (
          <Empty title="Nothing is chosen">
            <p>A line is a message that carried an identifier; two identifiers of one message are one person.</p>
          </Empty>
        ) : (
          <div className="stack">
            {node && (
              <p className="wrap">
                <Chip square>{node.kind === 'identifier' ? node.type : node.kind}</Chip> <bdi>{node.label}</bdi>
              </p>
            )}
            <ul className="stack">
              {edges.slice(0, 50).map(edge => (
                <EdgeRow key={edge.id} edge={edge} isOfMessage={node?.kind === 'message'} />
              ))}
            </ul>
            {edges.length > 50 && <p className="small soft">and {edges.length - 50} more</p>}
          </div>
        )}
      </div>
    </Card>
  )
}

const EdgeRow = ({ edge, isOfMessage }: { edge: GraphEdge; isOfMessage: boolean }) => (
  <li>
    <dl className="keys small">
      <dt>{isOfMessage ? 'carried' : 'message'}</dt>
      <dd>
        <bdi>{isOfMessage ? edge.source : edge.evidence.messageId}</bdi>
      </dd>
      <dt>from</dt>
      <dd>
        {edge.evidence.source}, <Time at={edge.evidence.at} />
      </dd>
      <dt>proof</dt>
      <dd>{edge.evidence.confidence}</dd>
      <dt>rules</dt>
      <dd>
        <code>{edge.evidence.ruleVersion}</code>
      </dd>
      {edge.evidence.mergeId && (
        <>
          <dt>came by merge</dt>
          <dd>
            <code>{edge.evidence.mergeId}</code>
          </dd>
        </>
      )}
    </dl>
  </li>
)
