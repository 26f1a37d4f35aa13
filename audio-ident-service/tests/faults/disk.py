"""What a disk holds after a crash, worked out from the log that file_faults.cpp writes.

The log has every call that changed a file or a name below a folder, in order, and every synchronisation. So one run of
the program is enough to make the folder as it would be after a crash at each of its calls.
"""

import dataclasses
import enum
import os
import pathlib
import shutil
import struct

HEAD = struct.Struct("<cQqIII")
PAGE = 512  # A disk writes at least so much at once.
MAPPED = ("lock.mdb", "catalog.db-shm")  # Programs write into these through a mapping, and know when they are stale.


@dataclasses.dataclass
class Call:
    """kind: Create, D (folder), Write, w (write that is synchronised), Truncate, Synchronise, Rename, Link, Unlink,
    X (folder removed), Map, A (the caller had its answer)."""

    kind: str
    inode: int
    offset: int
    path: str
    target: str
    data: bytes


def read_log(file):
    text, at, calls = pathlib.Path(file).read_bytes(), 0, []
    while at < len(text):
        kind, inode, offset, path, target, data = HEAD.unpack_from(text, at)
        at += HEAD.size
        pieces = []
        for size in (path, target, data):
            pieces.append(text[at : at + size])
            at += size
        calls.append(Call(kind.decode(), inode, offset, os.fsdecode(pieces[0]), os.fsdecode(pieces[1]), pieces[2]))
    return calls


def note_answer(file):
    """Writes into the log that the caller has its answer now. What the answer promises must survive from here on."""
    with open(file, "ab") as log:
        log.write(HEAD.pack(b"A", 0, 0, 0, 0, 0))


class Crash(enum.Enum):
    """What survives."""

    KILL = "the program was killed: every call survives"
    POWER = "the power failed: only what was synchronised survives"
    NAMES = "the power failed: names survive, content only where it was synchronised"
    MIXED = "the power failed: some of what was not synchronised survives, one write is torn"


class File:
    def __init__(self, content=b""):
        self.durable = bytearray(content)
        self.pending = []  # (write or size, bytes, survives for sure)

    def apply(self, content, change):
        kind, at, data = change
        if kind == "T":
            del content[at:]
            content.extend(bytes(at - len(content)))
            return
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(data)] = data

    def write(self, at, data, synchronised):
        if synchronised:
            self.apply(self.durable, ("W", at, data))
        self.pending.append(("W", at, data))

    def synchronise(self):
        for change in self.pending:
            self.apply(self.durable, change)
        self.pending = []

    def after(self, crash, random):
        content = bytearray(self.durable)
        if crash is Crash.KILL:
            for change in self.pending:
                self.apply(content, change)
        elif crash is Crash.MIXED:
            for kind, at, data in self.pending:
                if random.random() < 0.5:
                    continue
                if kind == "W" and random.random() < 0.3:
                    data = data[: random.randrange(len(data) // PAGE + 1) * PAGE]
                self.apply(content, (kind, at, data))
        return bytes(content)


class Folder:
    def __init__(self):
        self.names = {}
        self.durable = {}


def inodes_of(folder):
    """{path below the folder: inode}; the folder itself is "."."""
    folder = pathlib.Path(folder)
    return {str(path.relative_to(folder)): path.lstat().st_ino for path in [folder, *folder.rglob("*")]}


class Disk:
    """The folder before the first call, and then after each."""

    def __init__(self, folder, inodes):
        """`folder`: a copy of the folder as it was, in which it had these inodes."""
        self.by_inode = {}
        self.root = self._read(pathlib.Path(folder), ".", inodes)
        self.changes = []  # Of names, not synchronised yet: lists of (folder, name, node or None).

    def _read(self, folder, path, inodes):
        whole = folder / path
        if whole.is_dir():
            node = Folder()
            for name in sorted(os.listdir(whole)):
                below = name if path == "." else f"{path}/{name}"
                node.names[name] = node.durable[name] = self._read(folder, below, inodes)
        else:
            node = File(whole.read_bytes())
        self.by_inode[inodes[path]] = node
        return node

    def _find(self, path):
        """(folder, name)"""
        folder = self.root
        *folders, name = path.split("/")
        for each in folders:
            folder = folder.names[each]
        return folder, name

    def _change(self, *changes):
        """Each change: (folder, name, node or None to remove). They reach the disk together."""
        for folder, name, node in changes:
            _set(folder.names, name, node)
        self.changes.append(changes)

    def _synchronise_names(self, folder):
        """A journal keeps the order of changes of one folder; a change of two folders reaches the disk as one."""
        concerned = {id(folder)}
        kept, done = [], []
        # From the last to the first: what is earlier in a folder that is now on the disk must be there too.
        for change in reversed(self.changes):
            if any(id(each[0]) in concerned for each in change):
                concerned |= {id(each[0]) for each in change}
                done.append(change)
            else:
                kept.append(change)
        for change in reversed(done):
            for each, name, node in change:
                _set(each.durable, name, node)
        self.changes = kept[::-1]

    def apply(self, call):
        if call.kind in "WwTS" and call.inode not in self.by_inode:
            return
        if call.kind in "CD":
            node = File() if call.kind == "C" else Folder()
            self.by_inode[call.inode] = node
            folder, name = self._find(call.path)
            self._change((folder, name, node))
        elif call.kind in "Ww":
            self.by_inode[call.inode].write(call.offset, call.data, call.kind == "w")
        elif call.kind == "T":
            self.by_inode[call.inode].pending.append(("T", call.offset, b""))
        elif call.kind == "S":
            node = self.by_inode[call.inode]
            if isinstance(node, File):
                node.synchronise()
            else:
                self._synchronise_names(node)
        elif call.kind in "UX":
            folder, name = self._find(call.path)
            self._change((folder, name, None))
        elif call.kind in "RL" and call.path != call.target:
            folder, name = self._find(call.path)
            target, new_name = self._find(call.target)
            moved = (target, new_name, folder.names[name])
            self._change(moved, (folder, name, None)) if call.kind == "R" else self._change(moved)

    def write_to(self, path, crash, random):
        """Makes the folder at `path` as a start after the crash finds it."""
        path = pathlib.Path(path)
        if path.exists():
            shutil.rmtree(path)
        survivors = {}
        if crash is Crash.MIXED:
            # Of each folder, the changes up to a point.
            lost = set()
            for change in self.changes:
                concerned = {id(folder) for folder, _, _ in change}
                if concerned & lost or random.random() < 0.3:
                    lost |= concerned
                    continue
                for folder, name, node in change:
                    _set(survivors.setdefault(id(folder), dict(folder.durable)), name, node)

        def names_of(folder):
            if crash in (Crash.KILL, Crash.NAMES):
                return folder.names
            return survivors.get(id(folder), folder.durable)

        def make(folder, at):
            at.mkdir()
            for name, node in names_of(folder).items():
                if isinstance(node, Folder):
                    make(node, at / name)
                else:
                    (at / name).write_bytes(node.after(crash, random))

        make(self.root, path)


def _set(names, name, node):
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def differences(first, second):
    """Names of files that differ between two folders."""

    def content(folder):
        folder = pathlib.Path(folder)
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file() and file.name not in MAPPED
        }

    one, other = content(first), content(second)
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
