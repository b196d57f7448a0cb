import type { components } from '../frame/api'
import { Chip, type Tone } from '../frame/parts'
import { ago } from '../frame/values'

export type Destination = components['schemas']['DestinationAnswer']

export const destinationPath = (name: string) => `/destinations/${encodeURIComponent(name)}`

const tones: Record<string, Tone> = { running: 'good', paused: 'warn', disabled: 'bad' }

/** Whether it sends; a receiver that fails is probed, and that is said beside. */
export const Status = ({ destination }: { destination: Destination }) => (
  <span className="row">
    <Chip tone={tones[destination.status] ?? 'plain'}>{destination.status}</Chip>
    {destination.isOpen && <Chip tone="bad">only probes are sent</Chip>}
  </span>
)

/** Late is said in words, and not by colour alone. */
export const Freshness = ({ destination }: { destination: Destination }) =>
  destination.lateSince ? (
    <Chip tone="bad">late since {ago(destination.lateSince)}</Chip>
  ) : destination.oldestAt ? (
    <Chip tone="good">in time</Chip>
  ) : (
    <span className="small soft">nothing waits</span>
  )

/** A million stands for more. */
export const waitingText = (count: number) => (count >= 1_000_000 ? 'over a million' : count.toLocaleString())

/** Reasons as the API has them, in words. */
export const words = (code: string) => code.replaceAll('_', ' ')
