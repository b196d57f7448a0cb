import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// While one works on the console, `npx vite` serves it and asks the API that CONSOLE_API names for everything else.
const { process } = globalThis as unknown as { process: { env: Record<string, string | undefined> } }
const api = process.env.CONSOLE_API ?? 'http://localhost:8360'
const asked = Object.fromEntries(['/v1', '/console', '/openapi', '/health', '/docs', '/dashboard'].map(path => [path, { target: api, changeOrigin: false }]))

export default defineConfig({
  plugins: [react()],
  // The libraries' notices go with them.
  build: { license: { fileName: 'assets/licenses.txt' }, target: 'es2022', assetsInlineLimit: 0, sourcemap: false, chunkSizeWarningLimit: 900 },
  server: { proxy: asked },
  preview: { proxy: asked },
})
