import { useState } from 'react'
import { Button } from './parts'

/** How values and times look. What is masked, withheld, missing and empty must never be taken for one another. */

const longText = 180

interface ValueProps {
  value: unknown
  /** The name of the mask, where the policy shows only that. */
  mask?: string
}

export function Value({ value, mask }: ValueProps) {
  if (mask) {
    return (
      <span className="value-masked" title={`Masked by the access policy: ${mask}`}>
        <bdi>{textOf(value)}</bdi> <span className="small">masked</span>
      </span>
    )
  }
  if (value === undefined || value === null) return <Missing />
  if (value === '') return <span className="value-empty">empty text</span>
  if (Array.isArray(value) && value.length === 0) return <span className="value-empty">empty list</span>
  if (typeof value === 'object') return <Structure value={value} />
  return <Long text={textOf(value)} />
}

export const Missing = () => <span className="value-missing">not known</span>

export const Withheld = ({ because }: { because?: string }) => (
  <span className="value-withheld" title={because ? `Withheld: ${because}` : 'Withheld by the access policy'}>
    withheld
  </span>
)

function Structure({ value }: { value: object }) {
  const text = JSON.stringify(value)
  return text.length <= 60 ? (
    <code>{text}</code>
  ) : (
    <details>
      <summary>{Array.isArray(value) ? `${value.length} entries` : `${Object.keys(value).length} fields`}</summary>
      <pre tabIndex={0} aria-label="Value">
        {JSON.stringify(value, null, 2)}
      </pre>
    </details>
  )
}

function Long({ text }: { text: string }) {
  const [isOpen, setOpen] = useState(false)
  if (text.length <= longText) return <bdi>{text}</bdi>
  return (
    <span>
      <bdi className={isOpen ? 'long' : 'long cut'}>{text}</bdi>
      <Button kind="quiet" onPress={() => setOpen(!isOpen)}>
        {isOpen ? 'Show less' : `Show all ${text.length} characters`}
      </Button>
    </span>
  )
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value))

const near = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

export function ago(at: string, now = Date.now()): string {
  const passed = new Date(at).getTime() - now
  const [unit, size] = steps.find(([, length]) => Math.abs(passed) >= length) ?? steps[3]
  return near.format(Math.round(passed / size), unit)
}

/** A time in the viewer's zone, and in UTC when one points at it. */
export function Time({ at, relative }: { at: string | null | undefined; relative?: boolean }) {
  if (!at) return <Missing />
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return <bdi>{at}</bdi>
  return (
    <time className="time number" dateTime={at} title={`${full.format(time)} here · ${utc(time)}`}>
      {relative ? ago(at) : short.format(time)}
    </time>
  )
}

const utc = (time: Date) => time.toISOString().replace('T', ' ').replace('Z', ' UTC')
