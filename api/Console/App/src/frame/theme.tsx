import { useState } from 'react'

type Theme = 'system' | 'light' | 'dark'

const place = 'customer360-theme'

const kept = (): Theme => (localStorage.getItem(place) as Theme | null) ?? 'system'

/** Before the first picture, so that no page flashes in the wrong light. */
export function applyTheme(theme: Theme = kept()) {
  document.documentElement.dataset.theme = theme
}

export function ThemeChoice() {
  const [theme, setTheme] = useState(kept)
  const choose = (next: Theme) => {
    setTheme(next)
    localStorage.setItem(place, next)
    applyTheme(next)
  }
  return (
    <label className="row">
      Light{' '}
      <select className="input" style={{ width: 'auto', minHeight: '1.6rem', padding: '0 0.4rem' }} value={theme} onChange={event => choose(event.target.value as Theme)}>
        <option value="system">as the system</option>
        <option value="light">light</option>
        <option value="dark">dark</option>
      </select>
    </label>
  )
}
