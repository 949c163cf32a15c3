"""pandas in and out: a data frame is its array with names, and every estimator heeds the names as scikit-learn does."""

import warnings

import numpy as np
import pandas as pd
import pytest
import shrinkage
from shrinkage import estimators
from sklearn import linear_model
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils._param_validation import InvalidParameterError

from tests.shrinkage.estimators.kinds import data

pytestmark = pytest.mark.filterwarnings("error")
MODELS = sorted(name for name in estimators.HOMES if name[0].isupper())
# Quick ones, and none that warns of changes to come.
NEW = {"l1_ratios": (0.0,), "scoring": "accuracy", "use_legacy_attributes": False}
FEW = {"LassoCV": {"alphas": 5}, "ElasticNetCV": {"alphas": 5}, "LogisticRegressionCV": {"Cs": 3, "cv": 3, **NEW}}
NAMES = ["height", "weight", "age", "dose", "pulse", "sleep"]


def model_and_data(name, **kinds):
    """The estimator, its frame and its target as a series; labels are words."""
    X, y = data()
    frame, ample = pd.DataFrame(X, columns=NAMES, index=[f"row {i}" for i in range(len(X))]), y > np.median(y)
    model = getattr(shrinkage, name)(**FEW.get(name, {}))
    target = np.where(ample, "ill", "well") if "Logistic" in name else y**2 if "Poisson" in name else y
    return model, frame.astype(kinds), pd.Series(target, index=frame.index, name="outcome")


@pytest.mark.parametrize("name", MODELS)
def test_a_frame_and_a_series_are_their_arrays_with_names(name):
    model, X, y = model_and_data(name)
    framed, plain = clone(model).fit(X, y), clone(model).fit(X.to_numpy(), np.asarray(y))
    np.testing.assert_array_equal(framed.coef_, plain.coef_)
    np.testing.assert_array_equal(framed.intercept_, plain.intercept_)
    assert isinstance(framed.coef_, np.ndarray)
    assert framed.feature_names_in_.tolist() == NAMES
    assert framed.feature_names_in_.dtype == object
    assert not hasattr(plain, "feature_names_in_")
    predicted = framed.predict(X)
    assert isinstance(predicted, np.ndarray), "scikit-learn's estimators predict arrays"
    np.testing.assert_array_equal(predicted, plain.predict(X.to_numpy()))
    assert framed.score(X, y) == plain.score(X.to_numpy(), np.asarray(y))


@pytest.mark.parametrize("name", MODELS)
def test_what_is_said_of_names_is_what_scikit_learn_says(name):
    model, X, y = model_and_data(name)
    theirs = getattr(linear_model, name)(**FEW.get(name, {}))
    with warnings.catch_warnings(action="ignore"):
        theirs.fit(X, y)
    model.fit(X, y)

    def said(fitted, frame):
        with warnings.catch_warnings(record=True, action="always") as heard:
            try:
                fitted.predict(frame)
            except ValueError as error:
                return [str(error)]
        return [str(each.message).replace(name, "") for each in heard]

    strangers = {
        "no names": X.to_numpy(),
        "another order": X[NAMES[::-1]],
        "an unknown name": X.rename(columns={"age": "years"}),
        "a missing column": X.drop(columns="dose"),
        "a column more": X.assign(more=1.0),
    }
    for kind, frame in strangers.items():
        ours = said(model, frame)
        assert ours == said(theirs, frame), kind
        assert ours, kind


@pytest.mark.parametrize("name", MODELS)
def test_names_go_when_a_later_fit_has_none_and_change_with_the_frame(name):
    model, X, y = model_and_data(name)
    model.fit(X, y)
    model.fit(X.rename(columns=str.upper), y)
    assert model.feature_names_in_.tolist() == [each.upper() for each in NAMES]
    model.fit(X.to_numpy(), y)
    assert not hasattr(model, "feature_names_in_")


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", ["Float64", "Int64", "int8", "float32", "boolean"])
def test_the_frame_s_own_kinds_of_numbers_are_their_numbers(name, kind):
    model, X, y = model_and_data(name)
    X = (X > 0).astype(kind) if kind == "boolean" else X.round().astype(kind)
    framed = clone(model).fit(X, y)
    # scikit-learn keeps single precision only where every column has it.
    plain = clone(model).fit(X.to_numpy(dtype="float32" if kind == "float32" else float), np.asarray(y))
    np.testing.assert_array_equal(framed.coef_, plain.coef_)
    assert framed.coef_.dtype == plain.coef_.dtype


@pytest.mark.parametrize("name", MODELS)
def test_a_missing_value_in_a_frame_is_refused(name):
    model, X, y = model_and_data(name, age="Float64")
    X.loc["row 3", "age"] = pd.NA
    with pytest.raises(ValueError, match="NaN"):
        model.fit(X, y)


@pytest.mark.parametrize("name", MODELS)
def test_a_frame_is_left_as_it_was(name):
    model, X, y = model_and_data(name)
    before = X.copy(), y.copy()
    model.set_params(**{"copy_X": False} if "copy_X" in model.get_params() else {}).fit(X, y)
    pd.testing.assert_frame_equal(X, before[0])
    pd.testing.assert_series_equal(y, before[1])


@pytest.mark.parametrize("name", MODELS)
def test_sparse_frames_and_weights_in_a_series_are_taken(name):
    model, X, y = model_and_data(name)
    weights = pd.Series(np.arange(len(X)) % 3 + 1.0, index=X.index)
    framed = clone(model).fit(X.astype(pd.SparseDtype(float, 0.0)), y, sample_weight=weights)
    plain = clone(model).fit(X.to_numpy(), np.asarray(y), sample_weight=weights.to_numpy())
    np.testing.assert_allclose(framed.coef_, plain.coef_, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["Lasso", "LogisticRegression"])
def test_columns_of_words_pass_through_a_column_transformer(name):
    model, X, y = model_and_data(name)
    X = X.assign(ward=np.where(np.arange(len(X)) % 3, "north", "south"))
    prepared = make_column_transformer(
        (OneHotEncoder(), ["ward"]), (StandardScaler(), NAMES), verbose_feature_names_out=False
    )
    whole = make_pipeline(prepared.set_output(transform="default"), model).fit(X, y)
    assert whole[:-1].get_feature_names_out().tolist() == ["ward_north", "ward_south", *NAMES]
    named = make_pipeline(clone(prepared).set_output(transform="default"), clone(model)).fit(X, y)
    np.testing.assert_array_equal(whole[-1].coef_, named[-1].coef_)


@pytest.mark.parametrize("name", ["lasso_path", "enet_path"])
def test_paths_take_frames(name):
    X, y = data()
    path = getattr(shrinkage, name)
    # pandas keeps the columns, not the rows, together.
    for framed, plain in zip(path(pd.DataFrame(X), pd.Series(y)), path(np.asfortranarray(X), y), strict=True):
        np.testing.assert_array_equal(framed, plain)


def test_lars_path_takes_arrays_alone_as_scikit_learn_s():
    X, y = data()
    for module in (shrinkage, linear_model):
        with pytest.raises(InvalidParameterError, match=r"'X' parameter of lars_path must be an instance of 'numpy"):
            module.lars_path(pd.DataFrame(X), y)
