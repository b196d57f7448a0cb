import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ActionDialog } from './ActionDialog'
import type { components } from './api'
import { api, ask } from './client'
import { Chip } from './parts'
import { Time } from './values'

export type Job = components['schemas']['JobAnswer']

const tones = { running: 'accent', done: 'good', failed: 'bad', cancelled: 'plain' } as const

/** All jobs that are listed, the latest first; looked at more often while one runs. */
export const useJobs = (isOn = true) =>
  useQuery({
    queryKey: ['jobs'],
    queryFn: () => ask(api.GET('/v1/jobs')),
    enabled: isOn,
    refetchInterval: query => (query.state.data?.jobs.some(job => job.status === 'running') ? 1_000 : 10_000),
  })

/** A job, followed until it ends. */
export const useJob = (id: string | undefined) =>
  useQuery({
    queryKey: ['job', id],
    queryFn: () => ask(api.GET('/v1/jobs/{jobId}', { params: { path: { jobId: id! } } })) as Promise<Job>,
    enabled: id !== undefined,
    refetchInterval: query => (query.state.data?.status === 'running' ? 1_000 : false),
  })

interface Props {
  job: Job
  /** What it is called: "back test". */
  name: string
  /** What becomes of a job that is cancelled. */
  lost: string
  children?: ReactNode
}

/** How a job stands: progress and a way to end it while it runs, then why it failed. */
export function JobState({ job, name, lost, children }: Props) {
  const queries = useQueryClient()
  const cancel = async () => {
    await ask(api.DELETE('/v1/jobs/{jobId}', { params: { path: { jobId: job.id } } }))
    await Promise.all([['jobs'], ['job', job.id]].map(queryKey => queries.invalidateQueries({ queryKey })))
  }
  return (
    <div className="row" role="status">
      <Chip tone={tones[job.status]}>{job.status}</Chip>
      <span className="soft small">
        begun <Time at={job.startedAt} /> by {job.by}
      </span>
      {job.status === 'running' && (
        <>
          <progress value={job.percent} max={100} aria-label={`Progress of the ${name}`} /> {Math.round(job.percent)} %
          {job.estimatedSecondsLeft !== null && <span className="small soft">about {Math.ceil(job.estimatedSecondsLeft)} s left</span>}
          <ActionDialog label="Cancel" title={`Cancel the ${name}`} confirm="Cancel it" kind="danger" onConfirm={cancel}>
            <p>{lost}</p>
          </ActionDialog>
        </>
      )}
      {job.failure && <span className="wrap">{job.failure}</span>}
      {children}
    </div>
  )
}
