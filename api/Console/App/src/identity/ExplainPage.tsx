import { useMemo, useState } from 'react'
import { toneOf } from '../customers/Overview'
import { AsCall, pathWith } from '../frame/calls'
import { customerPath, Go, usePathPart, usePurpose, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Notice, PageHead, ProblemPage, Waiting } from '../frame/parts'
import { isAdmin, useSession } from '../frame/session'
import { VirtualList } from '../frame/VirtualList'
import { Time } from '../frame/values'
import { Chosen } from './Chosen'
import { graphOf, momentsOf, ownersAt } from './graph'
import { GraphPicture } from './GraphPicture'
import { History } from './History'
import { useExplanation } from './queries'
import { SplitDialog } from './SplitDialog'
import { type ExplainedIdentifier, nameOf } from './types'

/** Why these identifiers are one person, as a picture, as a table and as a history; and how to take apart what is not one. */
export default function ExplainPage() {
  const identifier = usePathPart('identifier')
  const purpose = usePurpose()
  const { caller } = useSession()
  const [search, change] = useSearchState()
  const [selected, setSelected] = useState<string | null>(null)
  const [picked, setPicked] = useState<string[]>([])
  const explained = useExplanation(identifier, purpose)

  const identifiers = useMemo(() => explained.data?.pages[0]?.identifiers ?? [], [explained.data])
  const history = useMemo(() => explained.data?.pages.flatMap(page => page.history) ?? [], [explained.data])
  const found = explained.data?.pages[0]?.customerId ?? ''
  const graph = useMemo(() => graphOf(found, identifiers, history), [found, identifiers, history])
  const moments = useMemo(() => momentsOf(history), [history])
  const step = Math.min(moments.length - 1, Number(search.step ?? moments.length - 1))
  const isPast = step < moments.length - 1
  const moment = isPast && moments[step] ? moments[step] : '9999'
  const owners = useMemo(() => ownersAt(history, moment), [history, moment])

  if (!explained.data) return explained.error ? <ProblemPage title="Why one person?" error={explained.error} retry={() => void explained.refetch()} /> : <Waiting rows={8} />
  const { customerId, truncated } = explained.data.pages[0]
  const there = identifiers.filter(one => picked.includes(nameOf(one)))

  return (
    <>
      <PageHead
        title="Why one person?"
        about={
          <span className="row">
            <Go to={customerPath(`customer:${customerId}`)}>
              <code>{customerId}</code>
            </Go>
            <span>
              {identifiers.length} identifiers, {history.length}
              {explained.hasNextPage && '+'} decisions
            </span>
          </span>
        }
        end={isAdmin(caller) && <SplitDialog identifier={identifier} all={identifiers} leaving={there} onDone={() => setPicked([])} />}
      />
      {truncated && <Notice title="The history is longer than what is shown">The answer says that it was cut.</Notice>}
      <div className="columns">
        <Card
          title="Picture"
          end={
            <span className="row small soft">
              <span>■ customer</span>
              <span>● identifier</span>
              <span>• message</span>
              <span>◆ merge</span>
            </span>
          }
          flush
        >
          <GraphPicture graph={graph} moment={moment} owners={owners} selected={selected} onSelect={setSelected} />
          {moments.length > 1 && (
            <div className="padded">
              <label className="field">
                <span className="label">
                  As it was: {isPast ? <Time at={moments[step]} /> : 'now'} ({customersText(owners)})
                </span>
                <input
                  type="range"
                  min={0}
                  max={moments.length - 1}
                  value={step}
                  onChange={event => change({ step: +event.target.value === moments.length - 1 ? undefined : event.target.value }, true)}
                />
              </label>
            </div>
          )}
        </Card>
        <Chosen graph={graph} selected={selected} />
      </div>
      <div className="columns">
        <IdentifierTable identifiers={identifiers} selected={selected} onSelect={setSelected} picked={isAdmin(caller) ? picked : null} onPick={setPicked} />
        <div className="stack">
          <History history={history} />
          {explained.hasNextPage && <Button onPress={() => void explained.fetchNextPage()}>Show later decisions</Button>}
        </div>
      </div>
      <AsCall
        calls={[
          { path: pathWith(`/v1/profiles/${encodeURIComponent(identifier)}/explain`, { purpose }) },
          ...(there.length > 0
            ? [{ method: 'POST', path: `/v1/profiles/${encodeURIComponent(identifier)}/split`, body: { identifiers: there.map(nameOf), reason: '…' } }]
            : []),
        ]}
      />
    </>
  )
}

const customersText = (owners: Map<string, string>) => {
  const count = new Set(owners.values()).size || 1
  return count === 1 ? 'one customer' : `${count} customers`
}

interface TableProps {
  identifiers: ExplainedIdentifier[]
  selected: string | null
  onSelect: (id: string) => void
  /** Those that are to be split off; null: the caller may not split. */
  picked: string[] | null
  onPick: (picked: string[]) => void
}

function IdentifierTable({ identifiers, selected, onSelect, picked, onPick }: TableProps) {
  const toggle = (name: string) => onPick(picked!.includes(name) ? picked!.filter(one => one !== name) : [...picked!, name])
  return (
    <Card title={`Identifiers (${identifiers.length})`} flush>
      <VirtualList
        label="Identifiers"
        items={identifiers}
        keyOf={nameOf}
        estimate={42}
        render={one => {
          const name = nameOf(one)
          const first = one.evidence[0]
          return (
            <div className={selected === name ? 'identifier-line chosen' : 'identifier-line'}>
              {picked && <input type="checkbox" aria-label={`Split off ${name}`} checked={picked.includes(name)} onChange={() => toggle(name)} />}
              <span className="wrap">
                <Chip square tone={toneOf(one.type)}>
                  {one.type}
                </Chip>{' '}
                <button type="button" className="row-button" aria-pressed={selected === name} onClick={() => onSelect(name)}>
                  <bdi>{one.value}</bdi>
                </button>
              </span>
              <span className="small soft wrap">
                by <code>{first?.messageId}</code> of {first?.source}
                {one.evidence.length > 1 && `, and ${one.evidence.length - 1} more`}, <Time at={first?.at} />
              </span>
            </div>
          )
        }}
      />
    </Card>
  )
}
