"""A network of our own that has nothing but loopback, and in it a name server, as Docker gives one to containers."""

import ctypes
import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import threading

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
NAME_SERVER = "127.0.0.11"
ADDRESS_RECORD, INTERNET, LIFETIME = 1, 1, 1
ANSWER, NO_SUCH_NAME = 0x8180, 0x8183


def may_enter():
    """Whether this machine lets us make one."""
    return subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True).returncode == 0


def enter():
    """Moves this thread, and all that it starts from now on, into a new network with file systems of its own."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS | CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as some:
        fcntl.ioctl(some, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def put_over(path, what):
    """Puts a file or a folder in the place of another one, in our file systems alone."""
    subprocess.run(["mount", "--bind", what, path], check=True)


class NameServer:
    """Answers with the addresses of `names` (name -> addresses), which may change."""

    def __init__(self, names, folder):
        self.names = names
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((NAME_SERVER, 53))
        configuration = pathlib.Path(folder) / "resolv.conf"
        configuration.write_text(f"nameserver {NAME_SERVER}\n")
        put_over(os.path.realpath("/etc/resolv.conf"), configuration)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            query, client = self.socket.recvfrom(512)
            self.socket.sendto(self.answer(query), client)

    def answer(self, query):
        """The question, and the address records for it."""
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += 1 + query[at]
        kind, _ = struct.unpack_from(">HH", query, at + 1)
        found = self.names.get(".".join(labels))
        addresses = found or [] if kind == ADDRESS_RECORD else []
        status = ANSWER if found else NO_SUCH_NAME
        header = query[:2] + struct.pack(">HHHHH", status, 1, len(addresses), 0, 0)
        records = b"".join(
            struct.pack(">HHHIH", 0xC00C, ADDRESS_RECORD, INTERNET, LIFETIME, 4) + socket.inet_aton(address)
            for address in addresses
        )
        return header + query[12 : at + 5] + records
