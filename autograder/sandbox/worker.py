"""Runs inside the jail: imports numpy (and what else it is told to) once, then forks one process for each task.

The worker itself never runs student code.  A fork closes everything but its two pipes,
limits itself, seals itself with the filter, and only then imports the student's package.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import resource
import signal
import socket
import sys
import threading
from typing import Any, NoReturn

import numpy as np

from autograder.checks.base import Outcome
from autograder.sandbox import frames
from autograder.sandbox.package import described
from autograder.sandbox.protocol import END, FORK, REPLY_CAP, SECONDS, STATUS, SocketStream
from autograder.sandbox.runner import ImportProblem, Package, run_answer

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, MODE_FILTER = 1, 22, 38, 2
READ, WRITE = 3, 4  # a fork's only open files besides /dev/null


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def serve() -> NoReturn:
    """Answer the control socket, which is standard input, until it closes."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    config = frames.read(SocketStream(control))
    libc = ctypes.CDLL(None, use_errno=True)
    # Code that draws from the global generator must be judged the same at every regrade; the rule
    # against that generator is for our code, and this line is about a student's.
    np.random.seed(0)  # noqa: NPY002
    for library in config["import"]:
        with contextlib.suppress(ImportError):  # whoever needs it will be told
            importlib.import_module(library)
    np.linalg.solve(np.eye(2), np.ones(2))  # what BLAS allocates at its first call, it allocates once
    gc.collect()
    gc.freeze()
    control.sendall(frames.pack({"ready": np.__version__}))
    child = 0
    while True:
        message, pipes, _, _ = socket.recv_fds(control, 1, 2)
        if message == FORK:
            (seconds,) = SECONDS.unpack(SocketStream(control).read(SECONDS.size))
            child = os.fork()
            if child == 0:
                _become(pipes, config, seconds, libc)
            for pipe in pipes:
                os.close(pipe)
            control.sendall(FORK)
        elif message == END:
            control.sendall(STATUS.pack(_end(child)))
            child = 0
        else:
            if child:
                _end(child)
            os._exit(0)


def _end(child: int) -> int:
    """Kill a fork and whatever it started; its wait status."""
    for kill in (os.kill, os.killpg):  # the group is there only once the fork has made it
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _become(pipes: list[int], config: dict[str, Any], seconds: int, libc: ctypes.CDLL) -> NoReturn:
    """The fork: close, limit, seal, then serve one task.  Any failure on the way ends it."""
    try:
        os.setsid()  # so that a signal to its own group reaches nobody else
        for i, pipe in enumerate(pipes):
            os.dup2(pipe, 20 + i)
        for i in range(2):
            os.dup2(20 + i, READ + i)
            os.dup2(0, 1 + i)
        os.closerange(WRITE + 1, 4096)
        os.environ.clear()
        os.environ.update(config["environment"], HOME=os.getcwd(), TMPDIR=os.getcwd(), LANG="C.UTF-8")
        _limit(config, seconds)
        if sys.platform == "linux":
            _seal(bytes.fromhex(config["filter"]), libc)
        _serve_task()
    except BaseException:
        os._exit(70)
    os._exit(0)


def _limit(config: dict[str, Any], seconds: int) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, config["memory"]),
        (resource.RLIMIT_FSIZE, config["file"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _seal(instructions: bytes, libc: ctypes.CDLL) -> None:
    """Die with the worker, never gain a privilege, and pass only the filter's system calls."""
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    if not instructions:
        return
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = _Program(len(instructions) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def _serve_task() -> None:
    """Requests in, replies out, until the requests end."""
    requests, replies = os.fdopen(READ, "rb"), os.fdopen(WRITE, "wb", buffering=0)
    package: Package | None = None

    def send(message: dict[str, Any]) -> None:
        left = memoryview(frames.pack(message, REPLY_CAP))
        while left:
            left = left[replies.write(left) :]

    lock = threading.Lock()  # where threads can be had, their questions must not mix

    def tell(place: int, args: tuple[Any, ...]) -> Any:
        """Ask the trusted side, which has the callbacks' functions, data and counts."""
        with lock:
            send({"ask": place, "args": args})
            return frames.read(requests)

    while True:
        try:
            request = frames.read(requests)
        except EOFError:
            return
        try:
            if request["do"] == "package":
                package = Package(request["files"])
                reply = _imported(package)
            elif request["do"] == "answer":
                reply = _plain(run_answer(request["source"], request["inputs"], Package(request["files"])))
            else:
                assert package is not None
                reply = _plain(package.perform(request["case"], tell, request["forbids"], request["answer"]))
            send({**reply, "n": request["n"]})
        except BaseException as error:  # an interrupt that student code raised, or a reply that is too large
            detail, message = described(error)
            send({**_plain(Outcome("error", (), detail, message)), "n": request["n"]})


def _imported(package: Package) -> dict[str, Any]:
    try:
        package.load()
    except ImportProblem as p:
        return {"problem": [p.module, p.line, p.type, p.message, p.text[:300]]}
    return {"problem": None}


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "values": outcome.values,
        "detail": outcome.detail,
        "message": outcome.message,
        "changed": outcome.changed,
    }
