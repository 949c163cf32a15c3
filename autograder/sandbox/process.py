"""One running worker: start it, fork in it, end a fork, end it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.sandbox import frames, launch
from autograder.sandbox.launch import Level
from autograder.sandbox.protocol import END, FORK, SECONDS, STATUS, Channel, Lost, SocketStream, ready
from autograder.sandbox.shapes import Malformed

START_SECONDS = 30.0
CONTROL_SECONDS = 5.0
MEMORY = 1536 << 20  # address space of a fork


class SandboxUnavailable(RuntimeError):
    """A jail of this level does not start here; the text says why and what cures it."""


class Process:
    """A worker at one level.  Its own replies are trusted: it runs no student code.

    `libraries` are modules that it imports once, before it forks.
    """

    def __init__(self, level: Level, libraries: Sequence[str] = ()) -> None:
        self._libraries = list(libraries)
        self._said = ""
        self._folder = launch.scratch_folder() if level is Level.D else None
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        try:
            command, cwd, env = self._command()
            self._popen: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env=env,
                start_new_session=True,
            )
        except OSError as problem:
            self._control.close()
            if self._folder is not None:
                self._folder.cleanup()
            raise SandboxUnavailable(str(problem)) from None
        finally:
            theirs.close()
        self._greet(level)

    def _command(self) -> tuple[list[str], str, dict[str, str]]:
        if self._folder is None:
            return launch.jailed(), "/", {}
        folder = Path(self._folder.name)
        scratch = str(folder / "scratch")
        return launch.copied(folder), scratch, launch.environment(scratch)

    def _greet(self, level: Level) -> None:
        try:
            config: dict[str, Any] = {"filter": "", "memory": MEMORY, "file": launch.SCRATCH_BYTES}
            config |= {"import": self._libraries, "environment": launch.ALONE}
            if level is Level.A:
                from autograder.sandbox.seccomp import filter_bytes

                config["filter"] = filter_bytes().hex()
            self._control.sendall(frames.pack(config))
            frames.read(SocketStream(self._control))
        except (OSError, EOFError, ImportError, Malformed) as problem:
            self.close()
            raise SandboxUnavailable(self._said or f"{type(problem).__name__}: {problem}") from None
        self._control.settimeout(CONTROL_SECONDS)

    def fork(self, processor_seconds: int) -> Channel:
        """A fork of the worker and the pipes to it; raises `Lost` if the worker is gone."""
        channel = Channel()
        try:
            socket.send_fds(self._control, [FORK], [channel.theirs_in, channel.theirs_out])
            self._control.sendall(SECONDS.pack(processor_seconds))
            answer = SocketStream(self._control).read(1)
        except OSError:
            answer = b""
        channel.given()
        if answer != FORK:
            channel.close()
            raise Lost
        return channel

    def end(self) -> int:
        """Kill the fork; its wait status as `os.waitstatus_to_exitcode` gives it (negative: a signal)."""
        try:
            self._control.sendall(END)
            return os.waitstatus_to_exitcode(*STATUS.unpack(SocketStream(self._control).read(STATUS.size)))
        except (OSError, ValueError, struct.error):
            raise Lost from None

    def close(self) -> None:
        """End the worker and, by its namespace or its group, everything below it."""
        self._control.close()
        # A worker that is well ends its fork and itself when the socket closes; the rest is for one that is not.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(1.0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        assert self._popen.stderr is not None
        with self._popen.stderr as stderr:
            # A survivor could hold the pipe open, so this does not wait for its end.
            if ready(stderr.fileno(), 0.2):
                self._said = os.read(stderr.fileno(), 2000).decode(errors="replace").strip()
        if self._folder is not None:
            self._folder.cleanup()
