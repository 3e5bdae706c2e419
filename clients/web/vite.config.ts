import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.COOLCHAT_SERVER ?? 'http://localhost:5080';

// Tests against a running server are only run where one is named: they would be skipped anywhere else.
const tests = process.env.COOLCHAT_URL ? ['src/**/*.integration.ts'] : ['src/**/*.test.{ts,tsx}'];

export default defineConfig({
  plugins: [react()],
  // The page is served under `script-src 'self'; style-src 'self'`: nothing may be inlined, not even small pictures.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022', sourcemap: false },
  server: {
    port: 5173,
    proxy: Object.fromEntries(['/user', '/chat', '/media'].map(path => [path, { target: server, ws: path === '/chat', changeOrigin: false }])),
  },
  test: { environment: 'happy-dom', include: tests, restoreMocks: true, testTimeout: 30_000 },
});
