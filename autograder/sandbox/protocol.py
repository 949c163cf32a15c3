"""How the trusted side speaks with a worker: a control socket, and two pipes for each fork.

The control socket belongs to the worker alone, which runs no student code: one byte asks
it to fork (the fork's two pipes travel with it) or to end the fork.  Frames pass between the
trusted side and the fork, and everything the fork writes is suspect.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from typing import Any

from autograder.sandbox import frames
from autograder.sandbox.shapes import Malformed

FORK, END = b"F", b"E"
SECONDS = struct.Struct("<I")  # of processor time, follows FORK
STATUS = struct.Struct("<i")  # a fork's wait status, answers END
REPLY_CAP = 16 << 20
CHUNK = 1 << 16


class Hang(Exception):
    """The fork did not answer in time."""


class Lost(Exception):
    """The fork, or the worker, is gone."""


def ready(fd: int, seconds: float, event: int = select.POLLIN) -> bool:
    """Whether a descriptor can be read (or written), or is at its end, within so long."""
    poll = select.poll()  # select itself fails where many files are open
    poll.register(fd, event)
    return bool(poll.poll(max(0.0, seconds) * 1000))


class SocketStream:
    """Exact reads from the control socket."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control

    def read(self, size: int, /) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self.control.recv(min(CHUNK, size - len(data)))
            if not part:
                break
            data += part
        return bytes(data)


class Channel:
    """The trusted ends of a fork's pipes; every read and write has a deadline."""

    def __init__(self) -> None:
        self.theirs_in, self._out = os.pipe()
        self._in, self.theirs_out = os.pipe()
        os.set_blocking(self._out, False)
        os.set_blocking(self._in, False)
        self.deadline = 0.0

    def given(self) -> None:
        """The fork has its ends; ours of them close, so that its death is seen as an end of file."""
        os.close(self.theirs_in)
        os.close(self.theirs_out)

    def close(self) -> None:
        os.close(self._in)
        os.close(self._out)

    def send(self, message: Any, deadline: float) -> None:
        """Send one frame by `deadline` (monotonic time); raises `Malformed` on unasked-for bytes."""
        if ready(self._in, 0):
            if not os.read(self._in, 1):
                raise Lost
            raise Malformed("bytes that nobody asked for")
        left = memoryview(frames.pack(message))
        while left:
            self._wait(self._out, deadline, select.POLLOUT)
            try:
                left = left[os.write(self._out, left[:CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise Lost from None

    def receive(self, deadline: float) -> dict[str, Any]:
        """One frame, which must be a dict of plain values."""
        self.deadline = deadline
        try:
            message = frames.read(self, REPLY_CAP, records=False)
        except EOFError:
            raise Lost from None
        if type(message) is not dict:
            raise Malformed("a reply that is no dict")
        return message

    def read(self, size: int, /) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait(self._in, self.deadline, select.POLLIN)
            part = os.read(self._in, min(CHUNK, size - len(data)))
            if not part:
                break
            data += part
        return bytes(data)

    def _wait(self, fd: int, deadline: float, event: int) -> None:
        # What is there already counts, however late we come to look: the delay may be ours.
        if not ready(fd, deadline - time.monotonic(), event):
            raise Hang
