import type { components } from '$lib/api/schema';

export type LiveEvent = components['schemas']['LiveEvent'];
export type LivePlay = components['schemas']['LivePlay'];

/** Sends a recording to the service while it is made, and receives what it recognises. */
export class LiveSocket {
  private readonly socket: WebSocket | null;
  private readonly waiting: Blob[] = [];

  /** `onEnd` is called once: the service or the network ended it, or it could not be opened. */
  constructor(onEvent: (event: LiveEvent) => void, onEnd: () => void) {
    try {
      this.socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/live`);
    } catch {
      this.socket = null;
      onEnd();
      return;
    }
    this.socket.onopen = () => this.waiting.splice(0).forEach((piece) => this.socket?.send(piece));
    this.socket.onmessage = ({ data }) => onEvent(JSON.parse(data as string) as LiveEvent);
    this.socket.onclose = onEnd;
  }

  /** The next piece of the recording, from its first on. */
  send(piece: Blob): void {
    if (this.socket?.readyState === WebSocket.CONNECTING) this.waiting.push(piece);
    else if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(piece);
  }

  close(): void {
    if (this.socket) this.socket.onmessage = this.socket.onclose = null;
    this.socket?.close();
  }
}
