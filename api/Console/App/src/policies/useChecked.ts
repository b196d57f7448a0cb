import { useEffect, useState } from 'react'
import type { components } from '../frame/api'
import { call } from '../frame/client'
import { useSession } from '../frame/session'

export type Comparison = components['schemas']['PolicyComparisonAnswer']

interface Checked {
  isBusy: boolean
  comparison: Comparison | null
  error: Error | null
}

const pauseMs = 350
const nothing: Checked = { isBusy: false, comparison: null, error: null }

/** Has the grid check the text, its examples too, a moment after the last key was pressed. */
export function useChecked(kind: string, text: string, isOn: boolean): Checked {
  // Whoever signs in anew has it checked anew.
  const { caller } = useSession()
  const [checked, setChecked] = useState<Checked>(nothing)
  useEffect(() => {
    if (!isOn) {
      setChecked(nothing)
      return
    }
    let isLate = false
    setChecked(before => ({ ...before, isBusy: true }))
    const timer = setTimeout(async () => {
      try {
        const comparison = await call<Comparison>('POST', `/v1/policies/${kind}:validate`, undefined, { text })
        if (!isLate) setChecked({ isBusy: false, comparison, error: null })
      } catch (error) {
        if (!isLate) setChecked({ isBusy: false, comparison: null, error: error as Error })
      }
    }, pauseMs)
    return () => {
      isLate = true
      clearTimeout(timer)
    }
  }, [kind, text, isOn, caller])
  return checked
}
