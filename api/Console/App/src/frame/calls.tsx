import { useState } from 'react'
import { Button } from './parts'
import { Icon } from './icons'

/** A call of the API as somebody would make it without the console. */
export interface ApiCall {
  method?: string
  /** With its query. */
  path: string
  body?: unknown
}

/** The calls that a page is made of, ready to be copied. */
export function AsCall({ calls }: { calls: ApiCall[] }) {
  const text = calls.map(curl).join('\n')
  return (
    <details className="as-call">
      <summary>As API call</summary>
      <div className="stack tight">
        <pre tabIndex={0} aria-label="Commands">
          {text}
        </pre>
        <div className="row">
          <CopyButton text={text} />
          <span className="soft">GRID is this address, KEY a key that may do this.</span>
        </div>
      </div>
    </details>
  )
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <Button onPress={() => void copy()}>
      <Icon name="copy" size={15} />
      <span aria-live="polite">{isCopied ? 'Copied' : label}</span>
    </Button>
  )
}

export function curl({ method = 'GET', path, body }: ApiCall): string {
  const words = ['curl', ...(method === 'GET' || (method === 'POST' && body !== undefined) ? [] : ['-X', method])]
  words.push('-H "Authorization: Bearer $KEY"', `"$GRID${path.replace(/["$`\\]/g, '\\$&')}"`)
  if (body !== undefined) words.push('-d', quoted(typeof body === 'string' ? body : JSON.stringify(body)))
  return words.join(' ')
}

const quoted = (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`

/** A path with a query; what is undefined or empty is left out. */
export function pathWith(path: string, query: Record<string, string | number | boolean | undefined>): string {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') asked.set(name, String(value))
  }
  const text = asked.toString()
  return text === '' ? path : `${path}?${text}`
}
