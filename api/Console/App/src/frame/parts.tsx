import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps, Input, Label, Text, TextArea, TextField, type TextFieldProps } from 'react-aria-components'
import { Problem } from './problem'

/** Small pieces that all pages are made of. */

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'violet' | 'teal' | 'plain'

export function Button({ kind, ...props }: ButtonProps & { kind?: 'primary' | 'danger' | 'quiet' | 'icon' | 'quiet icon' }) {
  return <AriaButton {...props} className={`button ${kind ?? ''}`} />
}

interface TextInputProps extends TextFieldProps {
  label: string
  help?: string
  rows?: number
  placeholder?: string
}

export function TextInput({ label, help, rows, placeholder, ...props }: TextInputProps) {
  return (
    <TextField {...props} className="field">
      <Label>{label}</Label>
      {rows ? (
        <TextArea className="input" rows={rows} placeholder={placeholder} spellCheck={false} />
      ) : (
        <Input className="input" placeholder={placeholder} spellCheck={false} />
      )}
      {help && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
    </TextField>
  )
}

interface ChoiceProps {
  label: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onChange: (value: string) => void
}

/** The platform's own list: known to every reader of screens, and right on every phone. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select className="input" value={value} onChange={event => onChange(event.target.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

export const Chip = ({ tone = 'plain', square, children }: { tone?: Tone; square?: boolean; children: ReactNode }) => (
  <span className={`chip ${tone} ${square ? 'square' : ''}`}>
    <bdi>{children}</bdi>
  </span>
)

interface CardProps {
  title?: ReactNode
  end?: ReactNode
  /** True: the content has its own edges, as tables do. */
  flush?: boolean
  children: ReactNode
}

export function Card({ title, end, flush, children }: CardProps) {
  return (
    <section className="card">
      {(title || end) && (
        <header>
          {title && <h2>{title}</h2>}
          {end}
        </header>
      )}
      {flush ? children : <div className="body">{children}</div>}
    </section>
  )
}

interface HeadProps {
  title: ReactNode
  about?: ReactNode
  end?: ReactNode
}

export function PageHead({ title, about, end }: HeadProps) {
  return (
    <header className="page-head">
      <div>
        <h1 className="wrap">{title}</h1>
        {about && <p>{about}</p>}
      </div>
      {end && <div className="row">{end}</div>}
    </header>
  )
}

interface NoticeProps {
  kind?: 'good' | 'warn' | 'bad'
  title: ReactNode
  end?: ReactNode
  children?: ReactNode
}

export function Notice({ kind = 'warn', title, end, children }: NoticeProps) {
  return (
    <div className={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      <div>
        <strong>{title}</strong>
        {children && <div className="soft wrap">{children}</div>}
      </div>
      {end}
    </div>
  )
}

export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className="empty">
    <strong>{title}</strong>
    {children && <div>{children}</div>}
  </div>
)

/** Bars in the place of what is being read. */
export const Waiting = ({ rows = 4 }: { rows?: number }) => (
  <div className="waiting" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, row) => (
      <i key={row} />
    ))}
  </div>
)

/** In the place of a page that could not be read. It has the page's heading, for whoever goes by headings. */
export const ProblemPage = ({ title, error, retry }: { title: string; error: Error; retry: () => void }) => (
  <>
    <PageHead title={<bdi>{title}</bdi>} />
    <ProblemNotice error={error} retry={retry} />
  </>
)

const titles: Record<string, string> = {
  purpose_missing: 'Say what the data is for',
  key_unknown: 'The key is not known',
  too_many_wrong_keys: 'Too many wrong keys came from here',
  quota_exceeded: 'You have asked as often as your key may',
}

/** A problem in plain words, and what can be done about it. */
export function ProblemNotice({ error, retry }: { error: Error; retry?: () => void }) {
  const problem = error instanceof Problem ? error : new Problem(0, 'page_error', 'Something in this page went wrong.')
  return (
    <Notice
      kind={problem.status === 403 || problem.code === 'purpose_missing' ? 'warn' : 'bad'}
      title={titles[problem.code] ?? titleOf(problem.status)}
      end={retry && problem.status !== 403 && <Button onPress={retry}>Try again</Button>}
    >
      <p>{problem.message}</p>
      {problem.code === 'purpose_missing' && <p>Choose a purpose at the top of the page.</p>}
      {problem.faults.length > 0 && (
        <ul>
          {problem.faults.map((fault, index) => (
            <li key={index}>
              {fault.line > 0 && `Line ${fault.line}: `}
              <code>{fault.rule}</code> {fault.message}
            </li>
          ))}
        </ul>
      )}
      {problem.requestId && <p className="small">Request {problem.requestId}</p>}
    </Notice>
  )
}

function titleOf(status: number): string {
  if (status === 0) return 'The grid does not answer'
  if (status === 401) return 'Your session has ended'
  if (status === 403) return 'Your role may not do this'
  if (status === 404) return 'There is no such thing here'
  if (status === 409) return 'It stands otherwise by now'
  if (status === 412) return 'Somebody else changed it meanwhile'
  if (status === 429) return 'Too much at once'
  if (status === 503) return 'The grid can’t do this right now'
  return status >= 500 ? 'Something went wrong in the grid' : 'That can’t be done as it is'
}
