"""The bridge between `lam` and other people's penalty weights.

Here `lam` stands beside an average loss: 1/(2n) times a sum of squares, or 1/n times a sum of
logistic losses, {eq}`eq-objective`.  Others use a sum, a half, or the reciprocal.  Each function
multiplies one objective by a positive number until it is the other, which moves no minimiser; the
derivations are on the page {ref}`sec-lam-and-alpha`.  With sample weights `n` is their sum.
"""

import numpy as np

from shrinkage.inputs import as_l1_ratio, as_lam, as_vector


def ridge_alpha(lam, n):
    """scikit-learn's ``Ridge(alpha=…)`` for `lam`: ``n lam``, {eq}`eq-conv-sklearn-ridge`.

    scikit-learn minimises ``‖y − Xw − b‖² + alpha ‖w‖²``, which is 2n times the objective here.

    Parameters
    ----------
    lam : float
        Penalty weight, >= 0.
    n : float
        Number of rows, or the sum of the sample weights; > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `lam` or `n` cannot be used.

    References
    ----------
    scikit-learn, user guide, "Ridge regression and classification".

    Examples
    --------
    >>> ridge_alpha(0.5, n=20)
    10.0
    """
    return as_lam(lam) * _count(n)


def lam_from_ridge_alpha(alpha, n):
    """`lam` for scikit-learn's ``Ridge(alpha=…)``: ``alpha / n``, {eq}`eq-conv-sklearn-ridge`.

    Parameters
    ----------
    alpha : float
        scikit-learn's penalty weight, >= 0.
    n : float
        Number of rows, or the sum of the sample weights; > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `alpha` or `n` cannot be used.

    Examples
    --------
    >>> lam_from_ridge_alpha(10.0, n=20)
    0.5
    """
    return as_lam(alpha, name="alpha") / _count(n)


def lasso_alpha(lam):
    """scikit-learn's ``Lasso(alpha=…)`` for `lam`: the same number, {eq}`eq-conv-sklearn-lasso`.

    scikit-learn minimises ``1/(2n) ‖y − Xw − b‖² + alpha ‖w‖₁``: unlike its ridge, an average.

    Parameters
    ----------
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `lam` cannot be used.

    References
    ----------
    scikit-learn, user guide, "Lasso".

    Examples
    --------
    >>> lasso_alpha(0.5)
    0.5
    """
    return as_lam(lam)


def lam_from_lasso_alpha(alpha):
    """`lam` for scikit-learn's ``Lasso(alpha=…)``: the same number, {eq}`eq-conv-sklearn-lasso`.

    Parameters
    ----------
    alpha : float
        scikit-learn's penalty weight, >= 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `alpha` cannot be used.

    Examples
    --------
    >>> lam_from_lasso_alpha(0.5)
    0.5
    """
    return as_lam(alpha, name="alpha")


def elastic_net_alpha(lam, l1_ratio):
    """scikit-learn's ``ElasticNet(alpha=…, l1_ratio=…)``: the same two numbers, {eq}`eq-conv-sklearn-enet`.

    At ``l1_ratio = 0`` it is ridge on the *average* squared error, so it agrees with
    ``Ridge(alpha=n*lam)`` and not with ``Ridge(alpha=lam)``.

    Parameters
    ----------
    lam : float
        Penalty weight, >= 0.
    l1_ratio : float
        Share of the L1 penalty, between 0 and 1.

    Returns
    -------
    alpha : float
    l1_ratio : float

    Raises
    ------
    ValueError
        If an argument cannot be used.

    References
    ----------
    scikit-learn, user guide, "Elastic-Net".

    Examples
    --------
    >>> elastic_net_alpha(0.5, l1_ratio=0.25)
    (0.5, 0.25)
    """
    return as_lam(lam), as_l1_ratio(l1_ratio)


def lam_from_elastic_net_alpha(alpha, l1_ratio):
    """`lam` and `l1_ratio` for scikit-learn's ``ElasticNet``, {eq}`eq-conv-sklearn-enet`.

    Parameters
    ----------
    alpha : float
        scikit-learn's penalty weight, >= 0.
    l1_ratio : float
        Share of the L1 penalty, between 0 and 1.

    Returns
    -------
    lam : float
    l1_ratio : float

    Raises
    ------
    ValueError
        If an argument cannot be used.

    Examples
    --------
    >>> lam_from_elastic_net_alpha(0.5, l1_ratio=0.25)
    (0.5, 0.25)
    """
    return as_lam(alpha, name="alpha"), as_l1_ratio(l1_ratio)


def logistic_C(lam, n):
    """scikit-learn's ``LogisticRegression(C=…)`` for `lam`: ``1 / (n lam)``, {eq}`eq-conv-sklearn-logistic`.

    scikit-learn minimises ``C Σ loss_i + l1_ratio ‖w‖₁ + (1 − l1_ratio)/2 ‖w‖²``: `C` weighs the sum
    of losses, so a larger `C` shrinks less.

    Parameters
    ----------
    lam : float
        Penalty weight, >= 0.
    n : float
        Number of rows, or the sum of the sample weights; > 0.

    Returns
    -------
    float
        Infinite at ``lam = 0``.

    Raises
    ------
    ValueError
        If `lam` or `n` cannot be used.

    References
    ----------
    scikit-learn, user guide, "Logistic regression".

    Examples
    --------
    >>> logistic_C(0.5, n=20), logistic_C(0.0, n=20)
    (0.1, inf)
    """
    total = as_lam(lam) * _count(n)
    return 1 / total if total > 0 else float("inf")


def lam_from_logistic_C(C, n):
    """`lam` for scikit-learn's ``LogisticRegression(C=…)``: ``1 / (n C)``, {eq}`eq-conv-sklearn-logistic`.

    Parameters
    ----------
    C : float
        scikit-learn's weight of the losses, > 0; infinite for no penalty.
    n : float
        Number of rows, or the sum of the sample weights; > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `C` or `n` cannot be used.

    Examples
    --------
    >>> lam_from_logistic_C(0.1, n=20), lam_from_logistic_C(float("inf"), n=20)
    (0.5, 0.0)
    """
    if np.ndim(C) == 0 and float("inf") == C:
        return 0.0
    if as_lam(C, name="C") == 0:
        raise ValueError("C must be > 0; at 0 the losses would have no weight at all")
    return 1 / (_count(n) * float(C))


def glmnet_lambda(lam, l1_ratio, y):
    """glmnet's `lambda` and `alpha` for ``family = "gaussian"``, {eq}`eq-conv-glmnet`.

    glmnet first divides the centred target by its population standard deviation ``s`` (with 1/n),
    minimises ``1/(2n) ‖y/s − Xv − c‖² + lambda' (alpha ‖v‖₁ + (1 − alpha)/2 ‖v‖²)``, and reports
    ``w = s v`` and ``lambda = s lambda'``.  In the units of `y` it has therefore minimised

        1/(2n) ‖y − Xw − b‖² + lambda · alpha ‖w‖₁ + (lambda / s) · (1 − alpha)/2 ‖w‖²,

    so the L1 part is the one here and the L2 part is divided by ``s``.

    Parameters
    ----------
    lam : float
        Penalty weight, >= 0.
    l1_ratio : float
        Share of the L1 penalty, between 0 and 1.
    y : array_like of shape (n,)
        Target in response units; not constant.

    Returns
    -------
    lambda_ : float
        ``lam (l1_ratio + s (1 − l1_ratio))``: for the lasso `lam`, for ridge ``s lam``.
    alpha : float
        glmnet's mix, ``lam l1_ratio / lambda_``; it equals `l1_ratio` only for pure penalties or s = 1.

    Raises
    ------
    ValueError
        If an argument cannot be used.

    Notes
    -----
    This is for an intercept, unit weights, ``family`` given as a string and ``standardize = FALSE``;
    with glmnet's default ``standardize = TRUE`` it holds on columns divided by their population
    standard deviations, and `w` refers to those columns.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Statistical Software 33(1), 1-22; the manual page of
    ``glmnet``, on ``lambda`` and "gaussian".

    Examples
    --------
    The population standard deviation of this target is 3:

    >>> glmnet_lambda(0.5, 0.0, [0, 6]), glmnet_lambda(0.5, 1.0, [0, 6])
    ((1.5, 0.0), (0.5, 1.0))
    """
    lam, l1_ratio, s = as_lam(lam), as_l1_ratio(l1_ratio), _population_sd(y)
    factor = l1_ratio + s * (1 - l1_ratio)
    return lam * factor, l1_ratio / factor


def lam_from_glmnet(lambda_, alpha, y):
    """`lam` and `l1_ratio` for glmnet's `lambda` and `alpha`, ``family = "gaussian"``, {eq}`eq-conv-glmnet`.

    Parameters
    ----------
    lambda_ : float
        glmnet's penalty weight as it reports it, >= 0.
    alpha : float
        glmnet's mix, between 0 and 1.
    y : array_like of shape (n,)
        Target in response units; not constant.

    Returns
    -------
    lam : float
        ``lambda_ (alpha + (1 − alpha) / s)`` with ``s`` the population standard deviation of `y`.
    l1_ratio : float

    Raises
    ------
    ValueError
        If an argument cannot be used.

    Examples
    --------
    >>> lam_from_glmnet(1.5, 0.0, [0, 6])
    (0.5, 0.0)
    """
    lambda_, alpha, s = as_lam(lambda_, name="lambda_"), as_l1_ratio(alpha, "alpha"), _population_sd(y)
    factor = alpha + (1 - alpha) / s
    return lambda_ * factor, alpha / factor


def esl_lambda(lam, n):
    """λ of The Elements of Statistical Learning for `lam`: ``n lam``, {eq}`eq-conv-esl`.

    Its ridge (3.41) is ``‖y − Xw − b‖² + λ ‖w‖²``, its lasso (3.52) ``½ ‖y − Xw − b‖² + λ ‖w‖₁``.
    The first is 2n and the second n times the objective here, and both give the same number.

    Parameters
    ----------
    lam : float
        Penalty weight, >= 0.
    n : float
        Number of rows; > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `lam` or `n` cannot be used.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 2nd ed., section 3.4.

    Examples
    --------
    >>> esl_lambda(0.5, n=20)
    10.0
    """
    return as_lam(lam) * _count(n)


def lam_from_esl_lambda(lambda_, n):
    """`lam` for the λ of The Elements of Statistical Learning: ``λ / n``, {eq}`eq-conv-esl`.

    Parameters
    ----------
    lambda_ : float
        The book's penalty weight, >= 0.
    n : float
        Number of rows; > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `lambda_` or `n` cannot be used.

    Examples
    --------
    >>> lam_from_esl_lambda(10.0, n=20)
    0.5
    """
    return as_lam(lambda_, name="lambda_") / _count(n)


def _count(n):
    if as_lam(n, name="n") == 0:
        raise ValueError("n must be > 0, the number of rows or the sum of the sample weights")
    return float(n)


def _population_sd(y):
    y = as_vector(y, "y").astype(np.float64)
    # Differences to the first entry are exactly zero where y is constant.
    s = float((y - y[0]).std())
    if s == 0:
        raise ValueError("y is constant: glmnet cannot divide it by its standard deviation")
    return s
