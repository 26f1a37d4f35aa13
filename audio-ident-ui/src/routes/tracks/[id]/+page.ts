// One page serves all tracks.
export const prerender = false;
export const ssr = false;
