import { Empty } from '../frame/parts'
import { Time } from '../frame/values'

interface Sample {
  at: string
  members: number
}

const width = 640
const height = 200
const left = 48
const bottom = 24
const top = 10
const dayMs = 86_400_000

/** A line of what the audience counted, with the same numbers as a table for who does not see it. */
export function SizeChart({ name, samples, now }: { name: string; samples: Sample[]; now: number }) {
  if (samples.length === 0) return <Empty title="No sample has been taken yet">Sizes are noted every hour. It has {now.toLocaleString()} members now.</Empty>
  const points = [...samples.map(one => ({ at: new Date(one.at).getTime(), members: one.members })), { at: Date.now(), members: now }]
  const begin = points[0].at
  const span = Math.max(1, points[points.length - 1].at - begin)
  const most = roundUp(Math.max(1, ...points.map(one => one.members)))
  const x = (at: number) => left + ((width - left - 8) * (at - begin)) / span
  const y = (members: number) => top + (height - top - bottom) * (1 - members / most)
  const line = points.map((one, index) => `${index === 0 ? 'M' : 'L'}${x(one.at).toFixed(1)} ${y(one.members).toFixed(1)}`).join('')
  const dates = span > 2 * dayMs ? ({ day: 'numeric', month: 'short' } as const) : ({ hour: '2-digit', minute: '2-digit' } as const)
  const marks = most % 2 === 0 ? [0, most / 2, most] : [0, most]
  return (
    <>
      <svg
        className="chart"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Size of ${name}: from ${points[0].members.toLocaleString()} to ${now.toLocaleString()} members`}
      >
        {marks.map(mark => (
          <g key={mark}>
            <line x1={left} x2={width - 8} y1={y(mark)} y2={y(mark)} className="grid" />
            <text x={left - 6} y={y(mark) + 4} textAnchor="end">
              {mark.toLocaleString()}
            </text>
          </g>
        ))}
        <path d={`${line}L${x(points[points.length - 1].at).toFixed(1)} ${y(0)}L${left} ${y(0)}Z`} className="area" />
        <path d={line} className="line" />
        {points.length <= 40 && points.map((one, index) => <circle key={index} cx={x(one.at)} cy={y(one.members)} r={2.5} className="dot" />)}
        <text x={left} y={height - 6}>
          {new Date(begin).toLocaleString(undefined, dates)}
        </text>
        <text x={width - 8} y={height - 6} textAnchor="end">
          now
        </text>
      </svg>
      <details>
        <summary className="small">As a table</summary>
        <div className="table-box" tabIndex={0} role="region" aria-label={`Sizes of ${name}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">At</th>
                <th scope="col" className="right">
                  Members
                </th>
              </tr>
            </thead>
            <tbody>
              {[...samples].reverse().map(one => (
                <tr key={one.at}>
                  <td>
                    <Time at={one.at} />
                  </td>
                  <td className="right number">{one.members.toLocaleString()}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  )
}

/** The next number that is easy to read beside a line. */
function roundUp(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value))
  const found = [1, 2, 4, 6, 8, 10].find(step => step * size >= value) ?? 10
  return Math.max(2, found * size)
}
