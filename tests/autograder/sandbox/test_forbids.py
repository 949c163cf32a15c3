"""What a task forbids is refused however it is reached, and is itself again afterwards."""

import subprocess
import sys
import types

import numpy as np
import pytest

from autograder.checks.base import Limits, call
from autograder.checks.certificates import lasso_exact
from autograder.checks.common import LIBRARY
from autograder.paths import ROOT
from autograder.sandbox.runner import Package

FORBIDS = (
    "sklearn.linear_model.Ridge",
    "sklearn.linear_model.ridge_regression",
    "sklearn.linear_model._cd_fast.enet_coordinate_descent",
    "numpy.linalg.lstsq",
    "scipy.optimize",
    "tools.Kept",
    "tools.hidden",
    "tools.nowhere",
    "nolibrary.nothing",
)
TOP = """
import functools
import sklearn.linear_model as whole
from sklearn.linear_model import Ridge, ridge_regression as other
from sklearn.linear_model._cd_fast import enet_coordinate_descent
from shrinkage.tools import Kept, hidden
import numpy as np
import sklearn
MADE, HELD = Ridge(), Kept()
PARTLY = functools.partial(other, alpha=1.0)
METHOD, LATER = Ridge.fit, {"way": hidden}


class Heir(Ridge):
    pass


class Odd(Ridge):
    def __init__(self):
        pass

    def own(self):
        return 1


def instantiate(X, y):
    return Ridge(alpha=1.0).fit(X, y).coef_


def renamed(X, y):
    return other(X, y, 1.0)


def attribute(X, y):
    return sklearn.linear_model.ridge_regression(X, y, 1.0)


def partly(X, y):
    return PARTLY(X, y)


def kept_instance(X, y):
    return MADE.fit(X, y).coef_


def kept_method(X, y):
    return METHOD(object.__new__(Ridge), X, y)


def heir(X, y):
    return Heir().fit(X, y).coef_


def odd_heir(X, y):
    return Odd().own()


def subclass(X, y):
    class New(Ridge):
        pass

    return 1


def compiled(X, y):
    return enet_coordinate_descent(X, y)


def dispatched(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0]


def kept_of_ours(X, y):
    return HELD.value()


def in_a_dict(X, y):
    return LATER["way"]()


def default(X, y, way=hidden):
    return way()
"""
WITHIN = """
def imported(X, y):
    from sklearn.linear_model import Ridge
    return Ridge(alpha=1.0).fit(X, y).coef_


def by_another_path(X, y):
    from sklearn.linear_model._ridge import ridge_regression
    return ridge_regression(X, y, 1.0)


def by_its_module(X, y):
    import sklearn
    from sklearn import linear_model
    return linear_model.Ridge(alpha=1.0).fit(X, y).coef_


def of_a_module(X, y):
    import scipy.optimize
    return scipy.optimize.nnls(X, y)[0]


def allowed(X, y):
    from sklearn.linear_model import LinearRegression, RidgeCV
    import scipy.linalg
    return [LinearRegression().fit(X, y).coef_, RidgeCV().fit(X, y).coef_, scipy.linalg.norm(X)]
"""
TOOLS = "class Kept:\n    def value(self):\n        return 1\n\n\ndef hidden():\n    return 1\n"
NAMES = [line[4:].split("(")[0] for line in TOP.splitlines() if line.startswith("def ")]
INSIDE = ["imported", "by_another_path", "by_its_module", "of_a_module"]
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(9, 3)), RNG.normal(size=9)
PATIENT = Limits(30.0, 90.0)


def files(text):
    return {"__init__.py": "", "tools.py": TOOLS, "m.py": text}


@pytest.fixture(scope="module")
def package():
    made = Package(files(TOP + WITHIN))
    made.load()
    return made


def state():
    """Everything that a ban changes."""
    import sklearn.linear_model as lm

    classes = [dict(vars(lm.Ridge)), vars(lm), vars(lm._cd_fast), vars(np.linalg)]
    codes = [v.__code__ for v in vars(lm.Ridge).values() if hasattr(v, "__code__")]
    functions = [lm.ridge_regression, lm.ridge_regression.__wrapped__, np.linalg.lstsq._implementation]
    return [dict(c) for c in classes], codes + [f.__code__ for f in functions], list(sys.meta_path)


def ask(caller, name):
    return caller(call(f"m.{name}", X, Y, name=name))


@pytest.mark.parametrize("name", NAMES + INSIDE)
def test_however_it_is_reached_it_is_refused_by_its_name_and_only_meanwhile(package, name):
    before = state()
    outcome = ask(package.caller(forbids=FORBIDS), name)
    assert (outcome.kind, outcome.detail) == ("error", "Forbidden"), outcome
    assert any(outcome.message.startswith(path) for path in FORBIDS)
    assert outcome.message.endswith("is not to be used in this task")
    assert state() == before
    assert ask(package.caller(), name).detail != "Forbidden"


def test_what_is_not_forbidden_works_meanwhile(package):
    outcome = ask(package.caller(forbids=FORBIDS), "allowed")
    assert outcome.kind == "value", outcome
    assert repr(outcome.value) == repr(ask(package.caller(), "allowed").value)


def test_in_a_jail_the_same_is_refused_and_the_next_task_is_free(anywhere):
    with anywhere.open(files(TOP)) as session:
        with session.task(PATIENT, FORBIDS) as caller:
            assert {ask(caller, name).detail for name in NAMES} == {"Forbidden"}
        with session.task(PATIENT) as caller:
            assert ask(caller, "instantiate").kind == "value"


def test_what_is_imported_during_a_call_is_refused_in_a_jail_too_and_what_builds_on_it_imports(anywhere):
    with anywhere.open(files(WITHIN)) as session, session.task(PATIENT, FORBIDS) as caller:
        assert ask(caller, "allowed").kind == "value"
        assert {ask(caller, name).detail for name in INSIDE} == {"Forbidden"}


def test_an_interrupt_leaves_nothing_forbidden(package):
    text = TOP + "\n\ndef interrupted(X, y):\n    raise KeyboardInterrupt\n"
    made = Package(files(text))
    made.load()
    before = state()
    with pytest.raises(KeyboardInterrupt):
        ask(made.caller(forbids=FORBIDS), "interrupted")
    assert state() == before
    assert ask(made.caller(), "instantiate").kind == "value"


LATER = """
import importlib.util

FOUND = []


def find():
    FOUND.append(importlib.util.find_spec("colorsys"))
    return 1


def run():
    made = importlib.util.module_from_spec(FOUND[0])
    FOUND[0].loader.exec_module(made)
    return made.rgb_to_hsv(0.5, 0.5, 0.5)
"""


def test_a_module_found_during_a_call_and_executed_later_is_not_forbidden():
    made = Package({"m.py": LATER})
    made.load()
    sys.modules.pop("colorsys", None)
    assert made.caller(forbids=("colorsys.rgb_to_hsv",))(call("m.find", name="find")).value == 1
    assert made.caller()(call("m.run", name="run")).value == (0.0, 0.0, 0.5)
    import colorsys

    assert colorsys.rgb_to_hsv(0.5, 0.5, 0.5) == (0.0, 0.0, 0.5)


def test_forbidding_a_library_does_not_import_it():
    script = (
        "import sys\nfrom autograder.checks.base import call\nfrom autograder.sandbox.runner import Package\n"
        "made = Package({'m.py': 'def f():\\n    return 1\\n'})\nmade.load()\n"
        "caller = made.caller(forbids=('sklearn.linear_model.Ridge', 'scipy.optimize'))\n"
        "assert caller(call('m.f', name='f')).value == 1\nassert not {'sklearn', 'scipy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_a_name_that_a_module_announces_and_refuses_to_give_is_no_error(monkeypatch):
    made = Package({"m.py": "def f():\n    return 1\n"})
    made.load()

    def refuse(name):
        raise ImportError(f"{name} is an experiment")

    shy = types.ModuleType("shy_library")
    shy.__all__, shy.__getattr__ = ["experiment"], refuse
    monkeypatch.setitem(sys.modules, "shy_library", shy)
    assert made.caller(forbids=("shy_library",))(call("m.f", name="f")).value == 1


LIBRARIES = """
import sklearn.kernel_ridge
from numbers import Real
from autograder.checks import certificates
from autograder.checks.certificates import lasso_exact as solve
from sklearn.linear_model import _cd_fast, _least_angle
from sklearn.preprocessing import StandardScaler


def kernel(X, y):
    return sklearn.kernel_ridge.KernelRidge().fit(X, y)


def ours(X, y):
    return solve(X, y, 0.1)


def ours_by_its_module(X, y):
    return certificates.lasso_exact(X, y, 0.1)


def coordinates(X, y):
    return _cd_fast.enet_coordinate_descent(X, y)


def angles(X, y):
    return _least_angle._lars_path_solver(X, y, method="lasso")


def built_on(X, y):
    return StandardScaler().fit_transform(X) * Real.__complex__(1.0).real
"""


def test_what_would_do_a_task_of_ones_own_is_refused_and_what_it_builds_on_is_not():
    made = Package(files(LIBRARIES))
    made.load()
    caller = made.caller(forbids=LIBRARY)
    refused = ["kernel", "ours", "ours_by_its_module", "coordinates", "angles"]
    assert {ask(caller, name).detail for name in refused} == {"Forbidden"}
    assert ask(caller, "built_on").kind == "value"
    assert lasso_exact(X, Y, 0.1).shape == (3,)
