"""A small server of streams on loopback, as radio stations have them, and as they should not be."""

import http.server
import pathlib
import subprocess
import threading
import time

BLOCK = 4096


def encode(source, target, *options):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), *options, str(target)], check=True)
    return pathlib.Path(target).read_bytes()


class Station:
    """Sends a programme as if it were on the air: who connects later hears from there on. Of the past `burst` bytes
    come at once, as servers of radio do it; at the first connection that much has been on the air."""

    def __init__(self, content, bytes_a_second, speed=1.0, burst=0, title=None, repeats=False):
        self.content = content
        self.repeats = repeats  # begins again at its end
        self.rate = bytes_a_second * speed
        self.burst = burst
        self.title = title
        self.began = None
        self.is_down = threading.Event()

    def position(self):
        if self.began is None:
            self.began = time.monotonic() - self.burst / self.rate
        return int((time.monotonic() - self.began) * self.rate)

    def block(self, at):
        if not self.repeats:
            return self.content[at : at + BLOCK]
        at %= len(self.content)
        return (self.content[at : at + BLOCK] + self.content[:BLOCK])[:BLOCK]

    def send(self, handler):
        if self.is_down.is_set():
            handler.send_error(503)
            return
        wants_titles = self.title and handler.headers.get("Icy-MetaData") == "1"
        handler.send_response(200)
        handler.send_header("Content-Type", "audio/mpeg")
        if wants_titles:
            handler.send_header("icy-metaint", str(BLOCK))
        handler.end_headers()
        at = max(0, self.position() - self.burst) // BLOCK * BLOCK
        while (self.repeats or at < len(self.content)) and not self.is_down.is_set():
            missing = at + BLOCK - self.position()
            if missing > 0:
                self.is_down.wait(max(missing / self.rate, 0.002))
                continue
            handler.wfile.write(self.block(at))
            at += BLOCK
            if wants_titles:
                text = f"StreamTitle='{self.title}';".encode()
                text += b"\0" * (-len(text) % 16)
                handler.wfile.write(bytes([len(text) // 16]) + text)


class StreamServer:
    """Serves each path with its function of the request's handler."""

    def __init__(self):
        self.paths = {}
        self.folders = {}
        self.hits = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.split("?")[0]
                outer.hits[path] = outer.hits.get(path, 0) + 1
                serve = outer.paths.get(path) or outer.folders.get(path.rpartition("/")[0])
                try:
                    if serve is None:
                        self.send_error(404)
                    else:
                        serve(self)
                except OSError:
                    pass  # The listener has gone.
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def add_file(self, path, content, content_type):
        def serve(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", content_type)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.paths[path] = serve

    def add_folder(self, path, folder):
        """The files that are in it now and later."""

        def serve(handler):
            try:
                content = (folder / pathlib.Path(handler.path).name).read_bytes()
            except FileNotFoundError:
                handler.send_error(404)
                return
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.folders[path] = serve

    def add_redirect(self, path, to):
        def serve(handler):
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.end_headers()

        self.paths[path] = serve


def endless_head(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for i in range(100_000):
        handler.wfile.write(f"X-{i}: {'x' * 1000}\r\n".encode())
