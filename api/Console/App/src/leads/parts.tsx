import { Chip, type Tone } from '../frame/parts'
import { ago, Time } from '../frame/values'

const tones: Record<string, Tone> = { offered: 'warn', accepted: 'good', new: 'accent', held: 'violet', queued: 'violet', closed: 'plain', duplicate: 'plain' }

export const LeadStatus = ({ status }: { status: string }) => <Chip tone={tones[status] ?? 'plain'}>{status}</Chip>

const soonMs = 3_600_000

/** Until when somebody must answer. Late is said in words, and not by colour alone. */
export function Due({ at }: { at: string | null }) {
  if (!at) return <span className="small soft">no deadline</span>
  const left = new Date(at).getTime() - Date.now()
  const text = left < 0 ? `late, due ${ago(at)}` : `due ${ago(at)}`
  return (
    <span title={at}>
      <Chip tone={left < 0 ? 'bad' : left < soonMs ? 'warn' : 'plain'}>{text}</Chip>
      <span className="out-of-sight">
        <Time at={at} />
      </span>
    </span>
  )
}
