import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'

interface Props<T> {
  label: string
  items: T[]
  keyOf: (item: T) => string
  /** In pixels, before a row was seen. */
  estimate: number
  render: (item: T) => ReactNode
  /** Called when the end comes into sight. */
  onEnd?: () => void
}

/** A list of any length: only the rows in sight are in the page. */
export function VirtualList<T>({ label, items, keyOf, estimate, render, onEnd }: Props<T>) {
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => estimate,
    getItemKey: index => keyOf(items[index]),
    overscan: 8,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? -1

  useEffect(() => {
    if (last >= items.length - 5) onEnd?.()
  }, [last, items.length, onEnd])

  return (
    <div className="virtual" style={{ height: `min(70vh, 48rem, ${rows.getTotalSize() + 1}px)` }} ref={box} tabIndex={0} role="region" aria-label={label}>
      <ul style={{ height: rows.getTotalSize() }}>
        {shown.map(row => (
          <li
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            aria-setsize={items.length}
            aria-posinset={row.index + 1}
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {render(items[row.index])}
          </li>
        ))}
      </ul>
    </div>
  )
}
