export const audiencePath = (name: string) => `/audiences/${encodeURIComponent(name)}`

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** A length of time in the largest unit that it is whole in. */
export function duration(seconds: number): string {
  const [unit, size] = units.find(([, length]) => seconds >= length && seconds % length === 0) ?? units[3]
  const count = Math.round(seconds / size)
  return `${count.toLocaleString()} ${unit}${count === 1 ? '' : 's'}`
}
