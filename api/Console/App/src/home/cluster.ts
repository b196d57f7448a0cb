import { useEffect, useRef, useState } from 'react'
import { api, ask } from '../frame/client'

export const readCluster = () => ask(api.GET('/v1/cluster'))

type Cluster = Awaited<ReturnType<typeof readCluster>>

/** How many messages a second were taken in between two looks; null: there was only one yet. */
export interface Rate {
  perSecond: number | null
}

/** The API tells positions and no rates, so the rate is what the positions moved by since the look before. */
export function useRate(cluster: Cluster | undefined): Rate {
  const before = useRef<{ at: number; positions: Map<number, number> } | null>(null)
  const [rate, setRate] = useState<Rate>({ perSecond: null })
  useEffect(() => {
    if (!cluster) return
    const now = performance.now()
    const positions = new Map(
      cluster.partitions.flatMap(one => (one.nextPosition == null ? [] : [[one.partition, one.nextPosition] as const])),
    )
    const last = before.current
    if (last && now - last.at > 500) {
      const moved = [...positions].reduce((sum, [partition, next]) => sum + Math.max(0, next - (last.positions.get(partition) ?? next)), 0)
      setRate({ perSecond: moved / ((now - last.at) / 1000) })
    }
    before.current = { at: now, positions }
  }, [cluster])
  return rate
}
