"""The loosest tolerance that is good enough, found first, and then the CPU time of a fit at it."""

import os
import pickle
import signal
import statistics
import time

import numpy as np

TARGETS = (1e-4, 1e-6, 1e-9)
LADDER = 10.0 ** -np.arange(2, 15)


def limited(call, seconds):
    """What `call` returns and the CPU seconds it took, in a process of its own that is ended after `seconds`.

    Parameters
    ----------
    call : callable
    seconds : float

    Returns
    -------
    (object, float) or None
        None where it raised or was ended.

    Examples
    --------
    >>> limited(lambda: 6 * 7, 5.0)[0], limited(lambda: time.sleep(9), 0.05)
    (42, None)
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            begun = time.process_time()
            found = call()
            took = time.process_time() - begun
            with os.fdopen(writer, "wb") as pipe:
                pickle.dump((found, took), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return pickle.loads(said) if status == 0 else None


def runs(family, problem, weights, limit):
    """Answers of this package at its defaults, and of every solver of scikit-learn at every tolerance.

    Parameters
    ----------
    family : bench.families.Family
    problem : bench.problems.Problem
    weights : ndarray
    limit : float
        Seconds a fit may take; no tighter tolerance is tried after one that took longer.

    Returns
    -------
    list of dict
        With `library`, `solver`, `settings`, `answer`, `cpu` and `excess`; those that raised are left out.
    """
    tried = [("shrinkage", "default", {})]
    tried += [("scikit-learn", name, given) for name, given in family.solvers.items() if name in family.exact]
    found = [_run(family, problem, weights, limit, *each) for each in tried]
    for name, given in family.solvers.items():
        if name in family.exact:
            continue
        found.append(_run(family, problem, weights, limit, "scikit-learn", f"{name}, default tol", given))
        for tol in LADDER if found[-1] else ():
            found.append(_run(family, problem, weights, limit, "scikit-learn", name, {**given, "tol": float(tol)}))
            if not found[-1]:
                break
    found = [run for run in found if run]
    theirs = [run for run in found if run["library"] == "scikit-learn"]
    tightest = min(theirs, key=lambda run: run["settings"].get("tol", 0.0 if run["solver"] in family.exact else 1.0))
    excesses = family.excess(problem, weights, [run["answer"] for run in found] + [tightest["answer"]])
    for run, excess in zip(found, excesses[:-1], strict=True):
        run["excess"] = float(excess)
    return found


def _run(family, problem, weights, limit, library, solver, settings):
    done = limited(lambda: family.fit(library, problem, weights, **settings), limit)
    if done is None or not np.isfinite(done[0]).all():
        return None
    return {"library": library, "solver": solver, "settings": settings, "answer": done[0], "cpu": done[1]}


def chosen(found, target):
    """Of each library the run that takes least time among those within `target`; None where there is none.

    Parameters
    ----------
    found : list of dict
        From `runs`.
    target : float

    Returns
    -------
    dict of str to dict or None

    Examples
    --------
    >>> found = [{"library": "scikit-learn", "excess": e, "cpu": s} for e, s in ((1e-3, 1.0), (1e-7, 2.0), (1e-9, 3.0))]
    >>> chosen(found, 1e-6)["scikit-learn"]["cpu"]
    2.0
    """
    return {
        library: min(
            (run for run in found if run["library"] == library and run["excess"] <= target),
            key=lambda run: run["cpu"],
            default=None,
        )
        for library in ("shrinkage", "scikit-learn")
    }


def timed(family, problem, weights, picked, repetitions):
    """CPU seconds of some runs, one after the other and again: medians, and all of them.

    Parameters
    ----------
    family, problem, weights : object
        As for `runs`.
    picked : list of dict
    repetitions : int

    Returns
    -------
    list of list of float
        For each run its times.
    """
    times = [[] for _ in picked]
    for _ in range(repetitions):
        for run, taken in zip(picked, times, strict=True):
            begun = time.process_time()
            family.fit(run["library"], problem, weights, **run["settings"])
            taken.append(time.process_time() - begun)
    return times


def compared(family, problem, limit, repetitions):
    """The rows of the table of one family on one shape.

    Parameters
    ----------
    family, problem, limit, repetitions : object
        As for `runs` and `timed`.

    Returns
    -------
    list of dict
        One for every target.
    """
    weights = np.asarray(family.weights(problem))
    found = runs(family, problem, weights, limit)
    by_target = {target: chosen(found, target) for target in TARGETS}
    picked = list({id(run): run for pair in by_target.values() for run in pair.values() if run}.values())
    times = timed(family, problem, weights, picked, repetitions)
    taken = {id(run): each for run, each in zip(picked, times, strict=True)}
    rows = []
    for target, pair in by_target.items():
        row = {"family": family.name, "shape": problem.shape, "n": problem.X.shape[0], "p": problem.X.shape[1]}
        row |= {"weights": len(weights), "target": target}
        for library, run in pair.items():
            row[library] = run and {
                "solver": run["solver"],
                "tol": run["settings"].get("tol"),
                "excess": run["excess"],
                "cpu": statistics.median(taken[id(run)]),
                "cpus": [round(each, 6) for each in taken[id(run)]],
            }
        ours, theirs = row["shrinkage"], row["scikit-learn"]
        row["ratio"] = ours["cpu"] / theirs["cpu"] if ours and theirs else None
        rows.append(row)
    return rows
