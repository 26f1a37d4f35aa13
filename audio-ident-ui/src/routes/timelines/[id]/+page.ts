// One page serves all timelines.
export const prerender = false;
export const ssr = false;
