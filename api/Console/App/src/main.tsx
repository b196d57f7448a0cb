import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './frame/tokens.css'
import './frame/style.css'
import { Problem } from './frame/problem'
import { router } from './frame/router'
import { SessionProvider } from './frame/session'
import { SignInAgain, SignInPage } from './frame/SignIn'
import { applyTheme } from './frame/theme'

applyTheme()

/** What is refused stays refused; an outage is asked again, so that pages recover by themselves. */
const isOutage = (error: Error) => error instanceof Problem && (error.status === 0 || error.status === 503)

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 1 && isOutage(error),
      refetchInterval: query => (query.state.error && isOutage(query.state.error) ? 3_000 : false),
    },
  },
})

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider
        door={(answer, error, retry) => <SignInPage answer={answer} error={error} retry={retry} />}
        again={(answer, former) => <SignInAgain answer={answer} former={former} />}
      >
        <RouterProvider router={router} />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
)
