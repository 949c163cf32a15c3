"""The command that starts a worker at each level, and the list of files it can see."""

from __future__ import annotations

import functools
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from enum import Enum
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SANDBOX = ("codec", "forbids", "frames", "oracle", "package", "protocol", "runner", "shapes", "worker")
# Found as namespace packages: what the real `__init__` files import is not there.
OURS = (
    "autograder/checks/base.py",
    *(f"autograder/sandbox/{n}.py" for n in SANDBOX),
)
# What student code can import in grading, with all that it needs: what the bundle's requirements bring to a
# notebook, so that what passes there is not refused here.  Only numpy must be there.
DISTRIBUTIONS = ("numpy", "scipy", "scikit-learn", "matplotlib")
STAGE, SCRATCH = "/jail", "/tmp"
SCRATCH_BYTES = 16 << 20
START = "import sys; sys.path.insert(0, {!r}); from autograder.sandbox.worker import serve; serve()"


class Level(Enum):
    """How well student code is contained; stored with every grade."""

    A = "A"  # bubblewrap, namespaces, seccomp, limits
    D = "D"  # limits alone: for code one would run anyway


def staged() -> Iterator[tuple[Path, str]]:
    """Every file or folder of ours that the worker imports, and where it stands below the stage."""
    for name in OURS:
        yield ROOT / name, name
    yield from libraries()


@functools.cache
def libraries() -> tuple[tuple[Path, str], ...]:
    """Every file or folder of the distributions and of what they require, by their own lists of files.

    Raises
    ------
    FileNotFoundError
        If numpy is not installed.
    """
    todo, seen = list(DISTRIBUTIONS), set()
    found: dict[str, Path] = {}
    while todo:
        name = canonicalize_name(todo.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        needs = map(Requirement, distribution.requires or ())
        todo += [r.name for r in needs if r.marker is None or r.marker.evaluate({"extra": ""})]
        for file in distribution.files or ():
            top = file.parts[0]
            if top != ".." and not top.endswith(".dist-info") and top != "__pycache__":
                found[top] = Path(str(distribution.locate_file(top)))
    if "numpy" not in found:
        raise FileNotFoundError("numpy is not installed")
    return tuple((path, top) for top, path in sorted(found.items()))


def interpreter() -> Path:
    """The interpreter behind a virtual environment."""
    return Path(os.path.realpath(sys.executable))


# OpenBLAS with several threads dies where threads are forbidden, and joblib's `n_jobs` must start nothing.
# Forks keep these: a library that is imported late reads them late.
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "JOBLIB_MULTIPROCESSING": "0"}


def environment(home: str) -> dict[str, str]:
    """Everything a worker's environment holds."""
    return {
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "LD_LIBRARY_PATH": str(_libraries()),
        **ALONE,
        "PYTHONHASHSEED": "0",  # the order of a set must not decide a grade
    }


def _libraries() -> Path:
    return Path(sysconfig.get_config_var("LIBDIR") or Path(sys.base_prefix) / "lib")


def python(stage: str) -> list[str]:
    """The worker's command; neither site-packages nor the current folder is on its path."""
    return [str(interpreter()), "-s", "-S", "-P", "-B", "-c", START.format(stage)]


def jailed() -> list[str]:
    """The command of level A; raises `FileNotFoundError` where there is no bubblewrap."""
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise FileNotFoundError("bubblewrap is not installed")
    command = [bubblewrap]
    command += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--unshare-pid", "--unshare-net"]
    command += ["--unshare-ipc", "--unshare-uts", "--hostname", "jail", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    for source in _system():
        command += ["--symlink", os.readlink(source), str(source)] if source.is_symlink() else _bind(source)
    command += _interpreter_binds()
    for source, name in staged():
        command += _bind(source, f"{STAGE}/{name}")
    for device in ("null", "zero", "random", "urandom"):
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    command += ["--size", str(SCRATCH_BYTES), "--tmpfs", SCRATCH, "--remount-ro", "/", "--chdir", SCRATCH]
    for name, value in environment(SCRATCH).items():
        command += ["--setenv", name, value]
    return [*command, *python(STAGE)]


def _bind(source: Path, target: str = "") -> list[str]:
    return ["--ro-bind", str(source), target or str(source)]


def _system() -> list[Path]:
    """Where the system keeps shared libraries and their loader."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    places = [Path("/usr/lib64"), Path("/lib64"), Path("/lib")]
    if multiarch:
        places += [Path("/usr/lib") / multiarch]
        if not Path("/lib").is_symlink():
            places[2] = Path("/lib") / multiarch
    return [p for p in places if p.exists()]


def _interpreter_binds() -> list[str]:
    """The interpreter, its shared library and the standard library, without what is installed beside it."""
    binds = _bind(interpreter())
    library = _libraries() / str(sysconfig.get_config_var("INSTSONAME") or "")
    if library.is_file():
        binds += _bind(library)
    standard = Path(sysconfig.get_path("stdlib"))
    binds += _bind(standard)
    for hidden in ("site-packages", "dist-packages", "test"):
        if (standard / hidden).is_dir():
            # Without the remount this empty folder could be written, and without bound.
            binds += ["--tmpfs", str(standard / hidden), "--remount-ro", str(standard / hidden)]
    return binds


def copied(folder: Path) -> list[str]:
    """The command of level D: the same files, linked into a folder of its own."""
    for source, name in staged():
        target = folder / "stage" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source)
    (folder / "scratch").mkdir()
    return python(str(folder / "stage"))


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="shrinkage-", ignore_cleanup_errors=True)
