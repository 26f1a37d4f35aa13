import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// The one style element of wavesurfer.js, at our height of 64 px. The test of the policy names the new hash when it
// changes.
const WAVEFORM_STYLE = 'sha256-fF0LBso7Nz75zaFRDBUefBDvPe19hjaiDnnc8lt+2Js=';
// The style attribute of the element by which SvelteKit announces a new page to screen readers.
const ANNOUNCER_STYLE = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

export default {
  preprocess: vitePreprocess(),
  kit: {
    // One page for all tracks, timelines and monitors: the service gives it at /tracks/{id}, /timelines/{id} and
    // /monitors/{id}.
    adapter: adapter({ fallback: 'track.html' }),
    prerender: {
      entries: ['/', '/library', '/add', '/formats', '/timelines', '/monitors', '/history', '/status'],
      handleUnseenRoutes: 'ignore'
    },
    paths: { relative: false },
    // The service sends this as a header.
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self', WAVEFORM_STYLE],
        'style-src-attr': ['unsafe-hashes', ANNOUNCER_STYLE],
        'connect-src': ['self'],
        'img-src': ['self'],
        'media-src': ['self', 'blob:'],
        'base-uri': ['none'],
        'form-action': ['none'],
        'object-src': ['none']
      }
    }
  }
};
