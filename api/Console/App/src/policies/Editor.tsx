import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { basicSetup } from 'codemirror'
import { useEffect, useRef } from 'react'
import type { Fault } from '../frame/problem'

interface Props {
  label: string
  /** What it begins with; later changes of it are not taken. */
  start: string
  faults: Fault[]
  onChange: (text: string) => void
}

/**
 * An editor of a file. It lives in a shadow root: its styles are made by script, and the page's policy lets only those of a shadow root's
 * own sheets count.
 */
export function Editor({ label, start, faults, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const tell = useRef(onChange)
  tell.current = onChange
  const first = useRef(start)

  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' })
    const place = document.createElement('div')
    place.style.height = '100%'
    root.replaceChildren(place)
    const editor = new EditorView({
      root,
      parent: place,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          basicSetup,
          yaml(),
          lintGutter(),
          syntaxHighlighting(colors),
          look,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of(update => {
            if (update.docChanged) tell.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => {
      first.current = editor.state.doc.toString()
      editor.destroy()
    }
  }, [label])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const { doc } = editor.state
    const marks: Diagnostic[] = faults.map(fault => {
      const line = doc.line(Math.min(Math.max(1, fault.line), doc.lines))
      return { from: line.from, to: line.to, severity: 'error', message: `${fault.rule}: ${fault.message}` }
    })
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [faults])

  return <div ref={host} className="editor" />
}

/** The tokens reach into the shadow root, so the editor has the page's light. */
const look = EditorView.theme({
  '&': { height: '100%', fontSize: '0.8125rem', color: 'var(--text)', backgroundColor: 'var(--surface)' },
  '.cm-content': { fontFamily: 'var(--font-code)', caretColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--text-soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent-soft) 55%, transparent)' },
  '&.cm-focused': { outline: '2px solid var(--focus)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--rule)' },
})

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--violet)' },
  { tag: tags.comment, color: 'var(--good)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator], color: 'var(--text-soft)' },
])
