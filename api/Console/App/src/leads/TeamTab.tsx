import { useQuery } from '@tanstack/react-query'
import type { components } from '../frame/api'
import { AsCall } from '../frame/calls'
import { api, ask } from '../frame/client'
import { Go, useSearchState } from '../frame/navigation'
import { Button, Card, Chip, Empty, ProblemNotice, type Tone, Waiting } from '../frame/parts'
import { isAdmin, useSession } from '../frame/session'
import { Time } from '../frame/values'

type Person = components['schemas']['SalesPersonAnswer']

const tones: Record<string, Tone> = { available: 'good', full: 'warn', onLeave: 'violet', outsideHours: 'plain', inactive: 'plain' }
const words: Record<string, string> = { onLeave: 'on leave', outsideHours: 'outside hours' }
const oneDay = 86_400_000

/** Who takes leads, how many each has, and who is away in which days of a month. */
export function TeamTab() {
  const { caller } = useSession()
  const { data, error, refetch } = useQuery({ queryKey: ['sales-team'], queryFn: () => ask(api.GET('/v1/sales-team')) })
  if (error) return <ProblemNotice error={error} retry={() => void refetch()} />
  if (!data) return <Waiting rows={6} />
  if (data.people.length === 0)
    return (
      <Card>
        <Empty title="Nobody takes leads">
          The policy {isAdmin(caller) ? <Go to="/policies/sales-team">sales-team</Go> : 'sales-team'} names the people of the team.
        </Empty>
      </Card>
    )
  return (
    <>
      <People people={data.people} />
      <Absences people={data.people} />
      <AsCall calls={[{ path: '/v1/sales-team' }]} />
    </>
  )
}

const People = ({ people }: { people: Person[] }) => (
  <Card title="The team now" flush>
    <div className="table-box" tabIndex={0} role="region" aria-label="The team now">
      <table>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Is</th>
            <th scope="col" className="right">
              Open leads
            </th>
            <th scope="col" className="right">
              Weight
            </th>
            <th scope="col">Territories and skills</th>
            <th scope="col">Hours begin</th>
          </tr>
        </thead>
        <tbody>
          {people.map(one => (
            <tr key={one.person}>
              <td>
                <Go to="/leads" search={{ tab: 'list', owner: one.person }}>
                  <bdi>{one.person}</bdi>
                </Go>
              </td>
              <td>
                <Chip tone={tones[one.availability] ?? 'plain'}>{words[one.availability] ?? one.availability}</Chip>
              </td>
              <td className="right number">
                {one.openLeads} <span className="soft">of {one.capacity ?? 'any'}</span>
              </td>
              <td className="right number">{one.weight}</td>
              <td className="wrap">{[...one.territories, ...one.skills].join(', ')}</td>
              <td>
                {one.opens ? <Time at={one.opens} /> : <span className="soft">never</span>} <span className="small soft">{one.zone}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </Card>
)

/** A month, a row for each person, and a mark for each day on which the person is away. */
function Absences({ people }: { people: Person[] }) {
  const [search, change] = useSearchState()
  const month = monthOf(search.month)
  const days = Array.from({ length: daysIn(month) }, (_, day) => new Date(month.getFullYear(), month.getMonth(), day + 1))
  const go = (by: number) => change({ month: nameOf(new Date(month.getFullYear(), month.getMonth() + by, 1)) }, true)
  return (
    <Card
      title={`Away in ${month.toLocaleDateString(undefined, { month: 'long', year: 'numeric' })}`}
      end={
        <span className="row">
          <Button onPress={() => go(-1)}>Month before</Button>
          <Button onPress={() => go(1)}>Next month</Button>
        </span>
      }
      flush
    >
      <div className="table-box" tabIndex={0} role="region" aria-label="Absences">
        <table className="absences">
          <thead>
            <tr>
              <th scope="col">Person</th>
              {days.map(day => (
                <th key={day.getDate()} scope="col" className={isWeekend(day) ? 'weekend' : undefined}>
                  {day.getDate()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {people.map(one => (
              <tr key={one.person}>
                <th scope="row">
                  <bdi>{one.person}</bdi>
                </th>
                {days.map(day => (
                  <td key={day.getDate()} className={isWeekend(day) ? 'weekend' : undefined}>
                    {isAway(one, day) && (
                      <span className="away" title={`${one.person} is away`}>
                        <span aria-hidden="true">●</span>
                        <span className="out-of-sight">away</span>
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

const monthOf = (text: string | undefined) => {
  const [year, month] = (text ?? '').split('-').map(Number)
  const now = new Date()
  return year >= 1970 && year <= 9999 && month >= 1 && month <= 12 ? new Date(year, month - 1, 1) : new Date(now.getFullYear(), now.getMonth(), 1)
}

const nameOf = (month: Date) => `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`

const daysIn = (month: Date) => new Date(month.getFullYear(), month.getMonth() + 1, 0).getDate()

const isWeekend = (day: Date) => day.getDay() % 6 === 0

/** Leave is in days of the person's own clock; a day counts where its noon, by the viewer's clock, lies in it. */
const isAway = (one: Person, day: Date) => {
  const noon = day.getTime() + oneDay / 2
  return one.leave.some(span => new Date(span.from).getTime() <= noon && noon < new Date(span.until).getTime())
}
