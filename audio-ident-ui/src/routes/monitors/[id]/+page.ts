// One page serves all monitors.
export const prerender = false;
export const ssr = false;
