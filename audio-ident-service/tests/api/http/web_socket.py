"""A small client for WebSockets (RFC 6455)."""

import base64
import json
import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class WebSocket:
    def __init__(self, service, path, headers=(), timeout=120):
        self.socket = socket.create_connection((service.host, service.port), timeout=timeout)
        self.received = b""
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {service.host}:{service.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in dict(headers).items()),
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self.received:
            self._receive()
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])
        self.head = head.decode()
        self.close_code = None

    def _receive(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionResetError("the service closed the connection")
        self.received += piece

    def send(self, payload, kind=BINARY, final=True):
        mask = os.urandom(4)
        size = len(payload)
        length = (
            bytes([0x80 | size])
            if size < 126
            else b"\xfe" + struct.pack(">H", size)
            if size < 65536
            else b"\xff" + struct.pack(">Q", size)
        )
        pad = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big") if size else b""
        self.socket.sendall(bytes([(0x80 if final else 0) | kind]) + length + mask + masked)

    def send_sound(self, sound, piece=4096):
        """All of it, then the empty message that ends it."""
        for begin in range(0, len(sound), piece):
            self.send(sound[begin : begin + piece])
        self.send(b"")

    def frame(self):
        """(kind, payload) of the next frame."""
        while True:
            if len(self.received) >= 2:
                size, at = self.received[1] & 0x7F, 2
                if size == 126 and len(self.received) >= 4:
                    size, at = struct.unpack(">H", self.received[2:4])[0], 4
                if size < 126 or at == 4:
                    if len(self.received) >= at + size:
                        kind, payload = self.received[0] & 0x0F, self.received[at : at + size]
                        self.received = self.received[at + size :]
                        return kind, payload
            self._receive()

    def events(self):
        """All events until the service closes; its code is then in close_code."""
        events = []
        while True:
            kind, payload = self.frame()
            if kind == TEXT:
                events.append(json.loads(payload))
            elif kind == PING:
                self.send(payload, PONG)
            elif kind == CLOSE:
                self.close_code = struct.unpack(">H", payload[:2])[0] if payload else 1005
                self.send(payload, CLOSE)
                self.socket.close()
                return events
