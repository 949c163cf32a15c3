"""A student's package imported from text in memory, beside any package of the same name."""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import linecache
import sys
import traceback
import types
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec
from typing import Any

import numpy as np

from autograder.sandbox.forbids import Ban, Watch


class ImportProblem(Exception):
    """The package does not import.

    `module` is the module at fault (``ridge``, empty for the package itself), `line` its
    line (0 if unknown), `type` the exception's type, `message` what it said, and `text`
    the line of source.
    """

    def __init__(self, module: str, line: int, type: str, message: str, text: str = "") -> None:
        super().__init__(module, line, type, message, text)
        self.module, self.line, self.type, self.message, self.text = module, line, type, message, text

    def __str__(self) -> str:
        where = f"{self.module or 'the package'}, line {self.line}" if self.line else self.module or "the package"
        return f"{where}: {self.type}: {self.message}"


def described(error: BaseException, cap: int = 300) -> tuple[str, str]:
    """An exception's type and message, whatever its class does when asked for them."""
    name, message = "Exception", ""
    with contextlib.suppress(BaseException):
        said = _plain(type.__dict__["__name__"].__get__(type(error)), 100)
        name = said if said.isidentifier() else name
    with contextlib.suppress(BaseException):
        # A syntax error's text repeats file and line, which are told apart from it.
        message = _plain(error.msg if isinstance(error, SyntaxError) else str(error), cap)
    return name, message


def _plain(text: str, cap: int) -> str:
    return text[:cap].encode("utf-8", "replace").decode() if type(text) is str else ""


class _Discard(io.TextIOBase):
    """Takes what student code prints and keeps none of it."""

    def write(self, text: str, /) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Student code runs without output, and no warning setting of ours turns into an error of theirs."""
    sink = _Discard()
    with (
        contextlib.redirect_stdout(sink),
        contextlib.redirect_stderr(sink),
        warnings.catch_warnings(),
        np.errstate(all="warn"),
    ):
        warnings.simplefilter("ignore")
        yield


ANSWER = "<answer>"  # how a traceback names the cell of an answer or an analysis


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules of one package from its texts."""

    def __init__(self, name: str, files: Mapping[str, str]) -> None:
        self.sources: dict[str, str] = {name: ""}
        self.files = {ANSWER: "answer"}  # what a traceback shows -> dotted module
        self.packages = {name}
        for path, text in files.items():
            if not path.endswith(".py"):
                continue
            parts = [name, *path.removesuffix(".py").split("/")]
            if parts[-1] == "__init__":
                parts.pop()
                self.packages.add(".".join(parts))
            self.sources[".".join(parts)] = text
            self.packages |= {".".join(parts[:i]) for i in range(1, len(parts))}
        for package in self.packages:
            self.sources.setdefault(package, "")
        for module, text in self.sources.items():
            file = self.get_filename(module)
            self.files[file] = module
            # No time stamp: linecache then never looks for the file on disk.
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.sources:
            return None
        spec = ModuleSpec(fullname, self, origin=self.get_filename(fullname), is_package=self.is_package(fullname))
        spec.has_location = True
        spec.cached = None
        return spec

    def get_filename(self, fullname: str) -> str:
        end = "/__init__.py" if fullname in self.packages else ".py"
        return f"<{fullname.replace('.', '/')}{end}>"

    def is_package(self, fullname: str) -> bool:
        return fullname in self.packages

    def get_source(self, fullname: str) -> str:
        return self.sources[fullname]

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__
        code = compile(self.sources[name], self.get_filename(name), "exec", dont_inherit=True)
        exec(code, module.__dict__)


class Package:
    """A package given as texts by path (``ridge.py``, ``estimators/__init__.py``).

    While its code runs it stands in `sys.modules` under its name; otherwise whatever else
    has that name stands there, untouched.
    """

    def __init__(self, files: Mapping[str, str], name: str = "shrinkage") -> None:
        self.name = name
        self._finder = _Finder(name, files)
        self._modules: dict[str, types.ModuleType] = {}
        self._depth = 0
        self.failed_at: tuple[tuple[str, int], ...] = ()  # module and line of the frames of the last error in it

    def load(self) -> None:
        """Import every module afresh, those of subpackages apart.

        Raises
        ------
        ImportProblem
            If one does not import; it names the module and the line.
        """
        self._modules = {}
        with self.active(), quiet():
            # What lies in a subpackage builds on libraries that tasks forbid; it is imported when it is asked for.
            for module in sorted(name for name in self._finder.sources if name.count(".") < 2):
                try:
                    importlib.import_module(module)
                except KeyboardInterrupt:
                    raise
                except BaseException as error:
                    raise self._problem(module, error) from None

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        """Put this package's modules in `sys.modules`; put back what was there afterwards."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        before = self._take() if self.name in sys.modules else {}
        sys.modules.update(self._modules)
        held = len(sys.modules)
        sys.meta_path.insert(0, self._finder)
        self._depth = 1
        try:
            yield
        finally:
            self._depth = 0
            with contextlib.suppress(ValueError):
                sys.meta_path.remove(self._finder)
            # Going through thousands of names at each call would cost more than most calls.
            self._modules = self._take(self._modules if len(sys.modules) == held else None)
            sys.modules.update(before)

    def find(self, path: str) -> Any:
        """The object at a dotted path below the package; call it while `active`."""
        parts = path.split(".")
        found: Any = sys.modules[self.name]
        for i, part in enumerate(parts):
            module = ".".join([self.name, *parts[: i + 1]])
            found = importlib.import_module(module) if module in self._finder.sources else getattr(found, part)
        return found

    @contextlib.contextmanager
    def without(self, paths: Sequence[str]) -> Iterator[None]:
        """While active: using one of these raises `Forbidden`; a path is one of the package, or else of a library."""
        if not paths:
            yield
            return
        own = [path for path in paths if self._own(path)]
        found = [(path, self.find(path)) for path in own if self._has(path)]
        names = [vars(sys.modules[name]) for name in self._finder.sources if name in sys.modules]
        ban = Ban(names)
        with contextlib.closing(ban):
            for path, thing in found:
                ban.add(path, thing)
            if len(own) == len(paths):
                yield
                return
            with Watch(ban, [path for path in paths if path not in own], self._finder.sources).armed():
                yield

    def _own(self, path: str) -> bool:
        """Whether a dotted path begins in this package rather than in a library."""
        first = path.split(".")[0]
        return first == path or f"{self.name}.{first}" in self._finder.sources

    def _has(self, path: str) -> bool:
        try:
            self.find(path)
        except AttributeError:
            return False
        return True

    def _take(self, known: Iterable[str] | None = None) -> dict[str, types.ModuleType]:
        """Take the package out of `sys.modules`: the modules named, or whatever has its name."""
        whole = (m for m in sys.modules if m == self.name or m.startswith(self.name + "."))
        names = [m for m in (whole if known is None else known) if m in sys.modules]
        return {m: sys.modules.pop(m) for m in names}

    def _frames(self, error: BaseException) -> list[tuple[str, int]]:
        """File and line of an error's frames in this package, outermost first."""
        # Asked of the base class: a class of the student's may answer in its own way, or raise.
        trace = BaseException.__dict__["__traceback__"].__get__(error)
        frames = [(f.f_code.co_filename, number) for f, number in traceback.walk_tb(trace)]
        return [(file, number) for file, number in frames if file in self._finder.files]

    def note(self, error: BaseException) -> None:
        """Remember where in the package an error was raised."""
        within = [(self._finder.files[file].removeprefix(f"{self.name}."), n) for file, n in self._frames(error)]
        self.failed_at = tuple(within)

    def _problem(self, importing: str, error: BaseException) -> ImportProblem:
        kind, message = described(error)
        file, line = next(reversed(self._frames(error)), (self._finder.get_filename(importing), 0))
        if isinstance(error, SyntaxError) and error.filename in self._finder.files:
            file, line = error.filename, error.lineno or 0
        module = self._finder.files[file].removeprefix(self.name).removeprefix(".")
        return ImportProblem(module, line, kind, message, linecache.getline(file, line).strip())
