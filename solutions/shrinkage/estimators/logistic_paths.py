"""Logistic regressions of one set of rows under many penalties."""

from dataclasses import replace

import numpy as np

from shrinkage.conversions import lam_from_logistic_C
from shrinkage.estimators.likelihood import maximise_prepared
from shrinkage.fit import prepare, with_fields
from shrinkage.losses import Multinomial
from shrinkage.penalties import ElasticNet


def paths(X, codes, s, loss, mixes, Cs, fit_intercept, tol=1e-4):
    """Fit one model for each mix and each weight of the losses; one copy of the rows serves them all.

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n, p), float64
    codes : ndarray of shape (n,), int
        Classes from 0 on.
    s : ndarray of shape (n,), float64
    loss : shrinkage.losses.Logistic or Multinomial
    mixes : ndarray of shape (M,)
    Cs : ndarray of shape (L,)
    fit_intercept : bool
    tol : float
        As for `shrinkage.estimators.likelihood.maximise`.

    Returns
    -------
    coefs : ndarray of shape (M, L, K, p + 1)
        Coefficients of the K classes, or of the second of two alone, and intercepts last unless there are none.
    n_iter : ndarray of shape (M, L), int32
        Newton steps, at least 1.

    Raises
    ------
    ValueError
        If a model has no finite coefficients.

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> X, codes = np.array([[-1.0], [1.0], [2.0]]), np.array([0, 1, 1])
    >>> paths(X, codes, np.ones(3), Logistic(), np.zeros(1), np.ones(1), True)[0].round(3)
    array([[[[0.848, 0.289]]]])
    """
    K = loss.K if loss.K > 1 else 2
    there = np.flatnonzero(np.bincount(codes, s, K))
    if fit_intercept and len(there) < K:
        return _of_some(X, codes, s, K, there, mixes, Cs, tol)
    made = prepare(X, codes.astype(float), loss, ElasticNet(), bool(fit_intercept), sample_weight=s)
    coefs = np.empty((len(mixes), len(Cs), loss.K, X.shape[1] + bool(fit_intercept)))
    n_iter = np.empty(coefs.shape[:2], np.int32)
    for i, mix in enumerate(mixes):
        given, w = ElasticNet(float(mix)), None
        of_mix = replace(made, given=given, penalty=with_fields(given, factor=made.problem.factors(given)))
        # From the strongest penalty on, for the starts.
        for j in np.argsort(Cs, kind="stable"):
            lam = lam_from_logistic_C(float(Cs[j]), s.sum())
            result = maximise_prepared(of_mix, lam, tol=tol, w=w)
            found, w, n_iter[i, j] = of_mix.restored(result, lam), result.w, max(result.n_iter, 1)
            coefs[i, j, :, : X.shape[1]] = found.w.T
            coefs[i, j, :, X.shape[1] :] = np.reshape(found.b, (loss.K, 1))[:, : int(fit_intercept)]
    return coefs, n_iter


def _of_some(X, codes, s, K, there, mixes, Cs, tol):
    """`paths` where only the classes `there` have rows that count, and there are intercepts."""
    rows = s > 0
    X, codes, s = X[rows], np.searchsorted(there, codes[rows]), s[rows]
    W, n_iter = np.zeros((len(mixes), len(Cs), K, X.shape[1] + 1)), np.ones((len(mixes), len(Cs)), np.int32)
    if len(there) > 1:
        W[:, :, there], n_iter = paths(X, codes, s, Multinomial(len(there)), mixes, Cs, True, tol)
    for w in W.reshape(-1, *W.shape[2:]):
        odds = X @ w[there, :-1].T + w[there, -1]
        w[np.setdiff1d(np.arange(K), there), -1] = np.logaddexp.reduce(odds, axis=1).min() + np.log(np.finfo(float).eps)
        w[:, -1] -= w[:, -1].mean()
    # The log-odds of two classes are the difference of theirs.
    return (W if K > 2 else W[:, :, 1:] - W[:, :, :1]), n_iter
