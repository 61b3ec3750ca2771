/** The page: built once by scripts/setup.mjs into `dist/`, which the hub serves. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// While working on the page: `vite` beside a running hub, whose address this is.
const HUB = 'http://localhost:3000';
const ITS = ['/api', '/oauth', '/oauth2', '/sign-in', '/docs', '/openapi.json'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), compressed()],
  build: {
    target: 'es2023',
    // `light-dark()` as it is written: Chrome 123, Firefox 120, Safari 17.5.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: Object.fromEntries(ITS.map((path) => [path, HUB])) },
});

/** Beside each file its compressed forms, so that nobody compresses while somebody waits. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    closeBundle() {
      const folder = path.join(import.meta.dirname, 'dist/assets');
      for (const name of readdirSync(folder).filter((one) => /\.(js|css|svg)$/.test(one))) {
        const file = path.join(folder, name);
        const bytes = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(bytes));
        writeFileSync(`${file}.gz`, gzipSync(bytes));
      }
    },
  };
}
