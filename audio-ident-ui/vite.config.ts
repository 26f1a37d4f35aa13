import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

const service = `http://localhost:${process.env.SERVICE_PORT ?? 17010}`;
const proxied = ['/api', '/health', '/metrics', '/docs', '/openapi.json'];

export default defineConfig({
  plugins: [sveltekit()],
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: {
    port: 17000,
    strictPort: true,
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: service }]))
  },
  test: { include: ['tests/unit/**/*.test.ts'] }
});
