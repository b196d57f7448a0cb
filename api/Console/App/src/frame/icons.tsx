/** One stroke, one size, drawn here so that no other host is asked for them. Words always stand beside them. */

const paths = {
  home: 'M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-4v-5H8v5H4a1 1 0 0 1-1-1z',
  find: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zm4.5-1.5L17 17',
  customers: 'M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm-6.5 7c.5-3.5 3-5 6.5-5s6 1.5 6.5 5',
  identity: 'M6 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm8 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm0-10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 5.5h4M7 7.2l5.7 5.7M14 6.5v6',
  leads: 'M3 4h14l-5.5 6.5V16l-3 1v-6.5z',
  audiences: 'M7.5 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.5 16c.4-3 2.3-4.3 5-4.3s4.6 1.3 5 4.3M13 4.3a2.5 2.5 0 0 1 0 4.8M14.5 12c1.7.5 2.7 1.8 3 4',
  destinations: 'M17 3 9 11M17 3l-5 14-3-6-6-3z',
  policies: 'M5 3h7l3.5 3.5V17H5zm7 0v3.5h3.5M8 10.5h5M8 13.5h5',
  privacy: 'M10 2.5 16 5v4.5c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8V5zM7.5 10l2 2 3.2-3.7',
  accounts: 'M4 17V4h7v13M11 8h5v9M2.5 17h15M6.5 7h2M6.5 10h2M6.5 13h2',
  cluster: 'M3.5 4h13v4.5h-13zm0 7.5h13V16h-13zM6 6.2h.5M6 13.7h.5',
  sources: 'M10 3v8M7 8l3 3 3-3M3.5 12v4h13v-4',
  start: 'M7 4.5 15 10l-8 5.5z',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  out: 'M8 3.5H4v13h4M12 6.5 15.5 10 12 13.5M15 10H8',
  copy: 'M7 7h9v9H7zM4 13V4h9',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
)
