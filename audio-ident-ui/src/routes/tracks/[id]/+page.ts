// One page for all tracks.
export const prerender = false;
export const ssr = false;
