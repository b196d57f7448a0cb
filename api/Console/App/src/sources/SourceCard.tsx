import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ActionDialog } from '../frame/ActionDialog'
import type { components } from '../frame/api'
import { api, ask } from '../frame/client'
import { Card, Chip, ProblemNotice, type Tone, Waiting } from '../frame/parts'
import { Time } from '../frame/values'

type Part = components['schemas']['SetAsidePartAnswer']
type Reading = components['schemas']['ReadingAnswer']

const tones: Record<string, Tone> = { off: 'plain', idle: 'good', reading: 'accent', waiting: 'accent', failing: 'bad' }

export function SourceCard({ name, kind }: { name: string; kind?: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['webhooks', name],
    queryFn: () => ask(api.GET('/v1/webhooks/{source}', { params: { path: { source: name } } })),
    refetchInterval: 15_000,
  })
  return (
    <Card title={name} end={<Chip>{kind ?? 'webhooks'}</Chip>}>
      {error ? (
        <ProblemNotice error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Waiting />
      ) : (
        <>
          <ReadingLine reading={data.reading} requests={data.reads.length} />
          {data.parts.length === 0 ? (
            <p className="soft">Nothing was set aside: all that came could be read.</p>
          ) : (
            <ul className="stack tight">
              {data.parts.map(part => (
                <PartRow key={part.id} source={name} part={part} />
              ))}
            </ul>
          )}
        </>
      )}
    </Card>
  )
}

const ReadingLine = ({ reading, requests }: { reading: Reading; requests: number }) => (
  <div className="stack tight">
    <p className="row">
      Reading from it <Chip tone={tones[reading.state] ?? 'plain'}>{reading.state}</Chip>
      {reading.state !== 'off' && (
        <span className="small soft">
          {reading.waiting} wait, {requests} shown; last read <Time at={reading.lastSuccessAt} relative />
        </span>
      )}
    </p>
    {reading.lastFailure && (
      <p className="small wrap">
        Failed {reading.lastFailure.inARow} times in a row: {reading.lastFailure.reason} {reading.lastFailure.code}. Next try <Time at={reading.nextAttemptAt} relative />
      </p>
    )}
  </div>
)

function PartRow({ source, part }: { source: string; part: Part }) {
  const queries = useQueryClient()
  const at = { params: { path: { source, partId: part.id } } }
  const again = () => queries.invalidateQueries({ queryKey: ['webhooks', source] })
  const retry = async () => {
    await ask(api.POST('/v1/webhooks/{source}/parts/{partId}:retry', at))
    await again()
  }
  const remove = async () => {
    await ask(api.DELETE('/v1/webhooks/{source}/parts/{partId}', at))
    await again()
  }
  return (
    <li className="notice warn">
      <div>
        <strong className="wrap">{part.reason}</strong>
        <span className="small soft">
          {part.place && `at ${part.place}, `}
          {part.characters.toLocaleString()} characters, came <Time at={part.receivedAt} />
        </span>
      </div>
      <ActionDialog label="Read again" title="Read it by the rules in force" confirm="Read again" onConfirm={retry}>
        <p>Where it still can’t be read it stays here, with the reason.</p>
      </ActionDialog>
      <ActionDialog label="Drop" kind="danger" title="Drop what was set aside" confirm="Drop" onConfirm={remove}>
        <p>It is gone then, and what it would have said is never known.</p>
      </ActionDialog>
    </li>
  )
}
