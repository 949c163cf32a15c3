"""What a task forbids: importing it succeeds, using it raises, and afterwards all is as before.

A name can have reached student code in any way: imported at the top, held in a closure or a
default, inherited from, imported while the call runs.  So the thing itself is changed and not
its names: a Python function gets code that refuses, a class refuses to be made, subclassed and
looked into.  Only what is neither (a compiled function) is replaced by name.  A library that is
not imported yet stays so; if student code imports it meanwhile, it is changed right after, and
while any library is being imported nothing is forbidden, because it may build on what is.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.util
import sys
import types
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import ExitStack
from importlib.machinery import ModuleSpec
from typing import Any, NoReturn


class Forbidden(RuntimeError):
    """A task's code used what the task forbids."""


def _template(*args: Any, **kwargs: Any) -> Any:
    refuse: Any = "here stands what refuses"
    return refuse()


def _refusal(path: str) -> Callable[..., NoReturn]:
    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise Forbidden(f"{path} is not to be used in this task")

    return refuse


class Ban:
    """Forbids things until it is closed.

    Parameters
    ----------
    names : sequence of dict
        Namespaces in which a compiled function is replaced: the student's modules.
    """

    def __init__(self, names: Sequence[dict[str, Any]]) -> None:
        self.names = names
        self.things: list[tuple[str, Any]] = []
        self.stack = ExitStack()  # takes back every change, the last one first, interrupted or not

    def close(self) -> None:
        self.stack.close()

    def add(self, path: str, thing: Any) -> None:
        """Make every use of `thing` raise `Forbidden`; of a module, of all that it lists, or else defines."""
        self.things.append((path, thing))
        self._refuse(path, thing)

    @contextlib.contextmanager
    def lifted(self) -> Iterator[None]:
        """Nothing is forbidden meanwhile."""
        self.stack.close()
        try:
            yield
        finally:
            for path, thing in self.things:
                self._refuse(path, thing)

    def _refuse(self, path: str, thing: Any) -> None:
        if isinstance(thing, types.ModuleType):
            for name in getattr(thing, "__all__", None) or [n for n, v in vars(thing).items() if _defined(n, v, thing)]:
                # Asked for a name that it only announces, a module may import, or refuse by an error.
                if not isinstance(inner := vars(thing).get(name), types.ModuleType) and callable(inner):
                    self._refuse(f"{path}.{name}", inner)
        elif isinstance(thing, type) and thing.__flags__ & HEAP:
            self._class(path, thing)
        elif functions := list(_layers(thing)):
            for function in functions:
                self._function(path, function)
        else:
            self._names(path, thing)

    def _function(self, path: str, function: types.FunctionType) -> None:
        code = _template.__code__
        consts = tuple(_refusal(path) if c == "here stands what refuses" else c for c in code.co_consts)
        refusing = code.replace(co_consts=consts, co_freevars=function.__code__.co_freevars, co_name=code.co_name)
        self.stack.callback(setattr, function, "__code__", function.__code__)
        function.__code__ = refusing

    def _class(self, path: str, cls: type) -> None:
        own = f"{cls.__qualname__}."
        for value in list(vars(cls).values()):
            for function in _layers(value):
                if function.__qualname__.startswith(own):
                    self._function(path, function)
        for name in ("__init__", "__getattribute__"):
            self._attribute(cls, name, _refusal(path))
        self._attribute(cls, "__init_subclass__", classmethod(_refusal(path)))

    def _attribute(self, owner: Any, name: str, value: Any) -> None:
        if name in vars(owner):
            self.stack.callback(setattr, owner, name, vars(owner)[name])
        else:
            self.stack.callback(_without, owner, name)
        setattr(owner, name, value)

    def _names(self, path: str, thing: Any) -> None:
        home = sys.modules.get(getattr(thing, "__module__", None) or "")
        outer = sys.modules.get(path.rpartition(".")[0])
        for names in (*self.names, *(vars(m) for m in (home, outer) if m is not None)):
            for name, value in list(names.items()):
                if value is thing:
                    self.stack.callback(names.__setitem__, name, value)
                    names[name] = _refusal(path)


def _defined(name: str, value: Any, module: types.ModuleType) -> bool:
    """Whether a name is public and of the module's own: what it imports from elsewhere, others build on."""
    home = getattr(value, "__module__", None) if callable(value) else None
    return not name.startswith("_") and f"{home or module.__name__}.".startswith(f"{module.__name__}.")


HEAP = 1 << 9  # of a class's flags: made by Python code, so its attributes can be set


def _without(owner: Any, name: str) -> None:
    with contextlib.suppress(AttributeError):
        delattr(owner, name)


def _layers(thing: Any) -> Iterator[types.FunctionType]:
    """The Python functions of which a callable is made: itself, and what it wraps or dispatches to."""
    seen: set[int] = set()
    todo = [thing]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, types.FunctionType):
            yield one
        if isinstance(one, property):
            todo += [f for f in (one.fget, one.fset) if f is not None]
        elif isinstance(one, types.FunctionType | staticmethod | classmethod) or hasattr(one, "_implementation"):
            todo += [f for name in LAYERS if (f := getattr(one, name, None)) is not None]


LAYERS = ("__func__", "__wrapped__", "_implementation")


class Watch(importlib.abc.MetaPathFinder):
    """Forbids what a library defines as soon as it is there, and lifts the ban while one is imported."""

    def __init__(self, ban: Ban, paths: Sequence[str], own: Container[str]) -> None:
        self.ban, self.paths, self.own = ban, list(paths), own
        self.busy = False

    @contextlib.contextmanager
    def armed(self) -> Iterator[None]:
        """Forbid what is imported already, and look out for the rest."""
        sys.meta_path.insert(0, self)
        try:
            self._meet()
            yield
        finally:
            self.busy = True  # a module that was looked for meanwhile may be executed later
            with contextlib.suppress(ValueError):
                sys.meta_path.remove(self)

    def _meet(self) -> None:
        for path in list(self.paths):
            if (thing := _imported(path)) is not None:
                self.paths.remove(path)
                self.ban.add(path, thing)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if self.busy or fullname in self.own:
            return None
        self.busy = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self.busy = False
        if spec is None or spec.loader is None or isinstance(spec.loader, type):  # a module built into Python
            return None
        loader, execute = spec.loader, spec.loader.exec_module

        def then(module: types.ModuleType) -> None:
            with contextlib.suppress(AttributeError):
                del loader.exec_module
            if self.busy:
                return execute(module)
            self.busy = True
            try:
                with self.ban.lifted():
                    execute(module)
            finally:
                self.busy = False
            self._meet()

        loader.exec_module = then  # type: ignore[method-assign]
        return spec


def _imported(path: str) -> Any:
    """What a path names, without importing or asking anything for it; None while it is not there."""
    parts = path.split(".")
    for i in range(len(parts), 0, -1):
        found: Any = sys.modules.get(".".join(parts[:i]))
        if found is not None:
            for part in parts[i:]:
                found = vars(found).get(part) if hasattr(found, "__dict__") else None
            return found
    return None
