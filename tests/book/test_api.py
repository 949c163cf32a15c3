"""Laws of the package's pages: all that is public and nothing private, in words and links that a reader can follow."""

import ast
import html
import importlib
import inspect
import re
import textwrap
from pathlib import Path

import api
import numpy as np
import pytest
import shrinkage
from shrinkage.estimators import HOMES
from sklearn import linear_model

from autograder import paths

FOLDER = paths.SOLUTIONS / "shrinkage"
PAGES = ("api", "api-solvers", "api-estimators")
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("[!_]*.py"))}


def offered():
    """Every public name of the package, written as its anchor on the page."""
    for module, text in SOURCES.items():
        loaded = importlib.import_module(f"shrinkage.{module}")
        for name in re.findall(r"^([A-Z][A-Z_]*) =", text, re.MULTILINE):
            yield f"{loaded.__name__}.{name}"
        for name, value in vars(loaded).items():
            if name.startswith("_") or getattr(value, "__module__", "") != loaded.__name__ or not callable(value):
                continue
            yield f"{loaded.__name__}.{name}"
            methods = vars(value).items() if inspect.isclass(value) else ()
            for method, what in methods:
                if not method.startswith("_") and (inspect.isfunction(what) or isinstance(what, property)):
                    yield f"{loaded.__name__}.{name}.{method}"


def estimators():
    """Every estimator and path function, with the methods whose source is in this package, by anchor."""
    for name in HOMES:
        kind = getattr(shrinkage, name)
        yield f"shrinkage.{name}", kind
        for method, what in inspect.getmembers(kind, inspect.isfunction) if inspect.isclass(kind) else ():
            own = Path(inspect.getsourcefile(inspect.unwrap(what))).is_relative_to(FOLDER)
            if own and method[0] != "_" and not isinstance(inspect.getattr_static(kind, method), staticmethod):
                yield f"shrinkage.{name}.{method}", what


def written():
    """Of every public function, method and class that is given arguments, these as the source has them."""
    for module, text in SOURCES.items():
        for node in ast.parse(text).body:
            if getattr(node, "name", "_").startswith("_"):
                continue
            inside = node.body if isinstance(node, ast.ClassDef) else []
            for each, name in ((node, ""), *((method, f"{node.name}.") for method in inside)):
                if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                    if not any(ast.unparse(how) == "property" for how in each.decorator_list):
                        yield f"shrinkage.{module}.{name}{each.name}", arguments(ast.unparse(each.args))
                elif isinstance(each, ast.FunctionDef) and each.name == "__init__":
                    yield f"shrinkage.{module}.{name[:-1]}", arguments(ast.unparse(each.args))
            fields = [ast.unparse(field) for field in inside if isinstance(field, ast.AnnAssign)]
            if fields:
                given = ", ".join(fields).replace("field(default_factory=list)", "[]")
                yield f"shrinkage.{module}.{node.name}", arguments(given)
    for name, value in estimators():
        source = inspect.getsource(inspect.unwrap(value.__init__ if inspect.isclass(value) else value))
        yield name, arguments(ast.unparse(ast.parse(textwrap.dedent(source)).body[0].args))


def arguments(text):
    """Arguments in one spelling, without the object itself and without annotations."""
    found = ast.parse(f"def f({text}): pass").body[0].args
    found.args = [each for each in found.args if each.arg != "self"]
    for each in ast.walk(found):
        if isinstance(each, ast.arg):
            each.annotation = None
    return ast.unparse(found)


def text_of(markup):
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def without_examples(article):
    return re.sub(r'<div class="(?:doctest )?highlight.*?</div>', "", article, flags=re.DOTALL)


def entry(article, name):
    """What the page says of one definition, up to the next."""
    return article.partition(f'id="{name}"')[2].partition('<dt class="sig')[0]


@pytest.fixture(scope="module")
def articles(site):
    pages = {name: (site / "book" / f"{name}.html").read_text(encoding="utf-8") for name in PAGES}
    return {name: page.partition("<article")[2].partition("</article>")[0] for name, page in pages.items()}


@pytest.fixture(scope="module")
def article(articles):
    return "".join(articles.values())


def test_every_public_module_is_on_one_page():
    fence = re.compile(r"^```\{package\} shrinkage\n((?:\w+\n)+)```", re.MULTILINE)
    texts = [path.read_text(encoding="utf-8") for path in paths.BOOK.rglob("*.md")]
    listed = " ".join(found for text in texts for found in fence.findall(text)).split()
    assert sorted(listed) == sorted(SOURCES), "a module belongs in the list of book/api.md or of book/api-solvers.md"


def test_every_public_name_has_its_place_and_no_private_one(article):
    anchors = re.findall(r'<dt\b[^>]*\bid="(shrinkage\.[\w.]+)"', article)
    assert sorted(anchors) == sorted([*offered(), *dict(estimators())])


def test_every_estimator_is_on_its_page_with_the_methods_of_this_package_alone(articles):
    anchors = re.findall(r'<dt\b[^>]*\bid="(shrinkage\.[\w.]+)"', articles["api-estimators"])
    assert sorted(anchors) == sorted(dict(estimators()))
    assert [name for name in anchors if name.count(".") == 1] == [f"shrinkage.{name}" for name in HOMES]
    assert {"shrinkage.Lasso.fit", "shrinkage.Lasso.predict", "shrinkage.LogisticRegression.predict_proba"} <= set(
        anchors
    )
    assert not [name for name in anchors if re.search(r"\.(get_params|set_\w+|get_\w+|path|sparsify)$", name)]
    for name in HOMES:
        section = articles["api-estimators"].partition(f'id="api-{name.replace("_", "-")}"')[2]
        assert re.search(r'<dt\b[^>]*\bid="([^"]*)"', section)[1] == f"shrinkage.{name}"


def test_attributes_stand_below_their_estimator_as_parameters_do(articles):
    text = text_of(entry(articles["api-estimators"], "shrinkage.Ridge"))
    assert text.index("Parameters") < text.index("alpha (") < text.index("Attributes") < text.index("n_iter_ (")


def test_the_parameters_without_effect_are_those_that_say_so(articles):
    silent = re.compile(r"^([\w, ]+) : [^\n]*\n(?:    [^\n]*\n)*?    [^\n]*(?:[Cc]hanges nothing|not change the)", re.M)
    docs = {name: inspect.getdoc(getattr(shrinkage, name)) for name in HOMES}
    found = {name for doc in docs.values() for names in silent.findall(f"{doc}\n") for name in names.split(", ")}
    page = (paths.BOOK / "api-estimators.md").read_text(encoding="utf-8")
    said = re.findall(r"`(\w+)`", re.search(r"^Parameters that steer .*$", page, re.MULTILINE)[0])
    # Of `tol` the table says what it does where it does anything.
    assert sorted(found - {"tol"}) == sorted(said)


def test_the_example_shows_what_the_page_says_of_tolerances(articles):
    outputs = [text_of(block) for block in re.findall(r"<pre>(.*?)</pre>", articles["api-estimators"], re.DOTALL)]
    assert re.search(r"uses \d+ of 44 columns,\nat most \de-1\d above the minimum\n", outputs[1])
    rows = [[float(number) for number in line.split()] for line in outputs[3].splitlines()[1:]]
    assert [tol for tol, _, _ in rows] == [1e-2, 1e-4, 1e-6]
    assert all(ours < 1e-13 < 1e-3 * tol < theirs for tol, theirs, ours in rows)


def test_the_table_of_differences_is_true_of_both():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((40, 2)), rng.standard_normal(40)
    negative = np.where(np.arange(40) < 3, -1.0, 1.0)
    assert linear_model.Ridge().fit(X, y).n_iter_ is None
    assert linear_model.Lasso(9.0).fit(X, y).n_iter_ == 0
    assert shrinkage.Ridge().fit(X, y).n_iter_ == shrinkage.Lasso(9.0).fit(X, y).n_iter_ == 1
    shift = {}
    for each in (linear_model, shrinkage):
        fits = [each.LogisticRegression(C=0.1, solver=solver).fit(X, y > 1) for solver in ("lbfgs", "liblinear")]
        shift[each] = float(abs(fits[0].intercept_ - fits[1].intercept_)[0])
    assert shift[shrinkage] == 0 < 0.1 < shift[linear_model]
    separated, heavy = linear_model.LogisticRegression(C=np.inf), linear_model.LogisticRegression()
    assert abs(separated.fit(X, X[:, 0] > 0).coef_).max() > 10
    assert heavy.fit(X, y > 0, negative).n_iter_ > 0
    many = {"cv": 10, "Cs": 2, "l1_ratios": (0.0,), "scoring": "accuracy", "use_legacy_attributes": False}
    with pytest.raises(ValueError, match="n_splits=10"):
        linear_model.LogisticRegressionCV(**many).fit(X[:12], np.arange(12) % 4 == 0)
    with pytest.warns(UserWarning, match="cv=10 folds are more than any class has rows; there are 3"):
        shrinkage.LogisticRegressionCV(**many).fit(X[:12], np.arange(12) % 4 == 0)
    assert hasattr(linear_model.LogisticRegression, "set_callbacks")
    assert not hasattr(shrinkage.LogisticRegression, "set_callbacks")
    with np.errstate(invalid="ignore"):
        assert np.isnan(linear_model.RidgeCV().fit(X[:1], y[:1]).best_score_)
    with pytest.raises(ValueError, match="at least two"):
        shrinkage.RidgeCV().fit(X[:1], y[:1])
    with pytest.raises(ValueError, match="separated"):
        shrinkage.LogisticRegression(C=np.inf).fit(X, X[:, 0] > 0)
    with pytest.raises(ValueError, match="sample_weight"):
        shrinkage.LogisticRegression().fit(X, y > 0, negative)


def test_a_signature_is_that_of_the_source_without_module_or_annotations(article):
    shown = {
        name: text_of(dt).strip().removesuffix("#").strip()
        for name, dt in re.findall(r'<dt class="sig[^>]*id="([\w.]+)">(.*?)</dt>', article, re.DOTALL)
    }
    found = dict(written())
    called = {name for name, signature in shown.items() if "(" in signature and " = " not in signature}
    assert called == set(found)
    for name, expected in found.items():
        before, _, given = shown[name].partition("(")
        assert before.removeprefix("class ") == name.split(".")[-1]
        assert arguments(given.removesuffix(")")) == expected, name
    # Numbers as the source writes them.
    assert "max_iter=10_000" in shown["shrinkage.fit.fit"]
    assert not any("shrinkage." in signature or ": " in signature for signature in map(shown.get, called))


def test_no_markup_is_left_over(article):
    text = text_of(without_examples(article))
    assert re.findall(r".{30}(?:\{[a-z:]+\}`|:[a-z]+:`|`|\\|----).{0,30}", text) == []
    assert re.findall(r"(?<![\w*])\*[a-z]+\*(?!\w)", text) == []
    assert "of the <em>training</em> rows" in article


def test_a_value_in_quotation_marks_can_be_pasted(article):
    values = {value for text in SOURCES.values() for value in re.findall(r'^ +\w+ : \{("\w+".*)\}', text, re.MULTILINE)}
    assert len(values) > 3
    text = text_of(article)
    assert [value for value in values if f"({{{value}}})" not in text] == []
    assert re.findall("[“‘][a-z_]+[”’]", text) == []


def test_the_contents_list_modules_alone(site):
    for name in PAGES:
        page = (site / "book" / f"{name}.html").read_text(encoding="utf-8")
        listed = re.findall(r'href="#([^"]*)"', page.partition('class="page-toc')[2].partition("</nav>")[0])
        assert len(listed) > 5
        assert [link for link in listed if not link.startswith("api-")] == []
    assert listed == [f"api-{name.replace('_', '-')}" for name in HOMES]


def test_what_is_left_out_of_an_example_had_the_colour_of_the_rest(site, article):
    styles = (site / "_static" / "pygments.css").read_text(encoding="utf-8")
    for mode in ("light", "dark"):
        own = f'html[data-theme="{mode}"] .highlight'
        plain = re.search(rf"{re.escape(own)} {{ background: \S+; color: (\S+) }}", styles)[1]
        for kind in ("n", "nn", "p", "w"):
            assert re.findall(rf"{re.escape(own)} \.{kind} {{ (.*?) }}", styles) == [f"color: {plain}"]
    kinds = {
        kind for pre in re.findall(r"<pre>.*?</pre>", article, re.DOTALL) for kind in re.findall(r'class="(\w+)"', pre)
    }
    assert not kinds & {"n", "nn", "p", "w"}
    assert "kn" in kinds


def test_the_page_begins_with_the_readme_s_example(articles):
    readme = (paths.ROOT / "README.md").read_text(encoding="utf-8")
    code, said = re.search(r"^```python\n(.*?)^```$.*?^```text\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL).groups()
    shown = [text_of(block) for block in re.findall(r"<pre>(.*?)</pre>", articles["api"], re.DOTALL)]
    assert shown[:2] == [code, said]


def test_a_module_begins_with_the_line_that_imports_its_names(article):
    for module in SOURCES:
        section = article.partition(f'id="api-{module.replace("_", "-")}"')[2]
        line = ast.parse(text_of(re.search(r"<pre>(.*?)</pre>", section, re.DOTALL)[1])).body[0]
        names = [name.name for name in line.names]
        assert line.module == f"shrinkage.{module}"
        assert sorted(f"{line.module}.{name}" for name in names) == sorted(
            name for name in offered() if name.rpartition(".")[0] == line.module
        )


def test_what_every_function_refuses_is_said_once(article):
    text = " ".join(text_of(article).split())
    assert re.findall(r"ValueError – If an argument cannot be used(?:; the message names it)?\.", text) == []
    assert text.count("refuses an argument that it cannot use") == 1
    # Nothing else is left out.
    assert "If an argument cannot be used, or if `lam` is 0".replace("`", "") in text


def test_what_a_docstring_cites_is_a_link_with_the_number_of_the_book(article):
    assert re.search(r'href="ridge/index\.html#equation-eq-ridge-objective">\(1\.1\)</a>', article)
    assert 'href="lam-and-alpha.html#sec-lam-and-alpha"' in article


def test_a_name_of_the_package_is_a_link_to_its_entry_and_never_in_an_example(articles):
    def links(page, name):
        return re.findall(r'<a class="reference internal" href="([^"]*#shrinkage\.[^"]*)"', entry(articles[page], name))

    # A type with its module, on this page and from the other; a name of the same module; a constant.
    assert {"#shrinkage.result.Result", "#shrinkage.fit.SOLVERS", "#shrinkage.penalties.ElasticNet"} <= set(
        links("api", "shrinkage.fit.fit")
    )
    assert "api.html#shrinkage.result.Result" in links("api-solvers", "shrinkage.coordinate_descent.minimise")
    assert 'href="#module-shrinkage.conversions"' in articles["api"]
    # An estimator means another estimator, and the core means itself.
    assert "#shrinkage.ElasticNet" in links("api-estimators", "shrinkage.Lasso")
    assert 'href="api-estimators.html#sec-api-estimators"' in articles["api"]
    for article in articles.values():
        anchors = set(re.findall(r'id="([^"]+)"', article))
        assert set(re.findall(r'href="#((?:module-)?shrinkage[^"]+)"', article)) <= anchors
        assert not [pre for pre in re.findall(r"<pre>.*?</pre>", article, re.DOTALL) if "href" in pre]


def test_a_mention_means_what_its_module_defines_then_the_only_thing_of_that_name(tmp_path):
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "one.py").write_text("LIMIT = 1\ndef same(x): ...\ndef lone(same): ...\ndef _hidden(): ...\n")
    (folder / "two.py").write_text("class Kind:\n    size: int = 0\n    def act(self, lone): ...\ndef same(): ...\n")
    (folder / "three.py").write_text("def three(): ...\n")
    (folder / "estimators").mkdir()
    (folder / "estimators" / "__init__.py").write_text('HOMES = {"Kind": "kinds", "Model": "kinds"}\n')
    (folder / "estimators" / "kinds.py").write_text("class Kind: ...\nclass Model: ...\nclass Base: ...\n")
    names = api.Names(folder)
    assert names.meant("same", "package.two", "Kind") == "package.two.same"
    assert names.meant("Kind", "package.one", "same") == "package.two.Kind"
    assert names.meant("two.Kind", "package.one", "") == "package.two.Kind"
    assert names.meant("LIMIT", "package.two", "") == "package.one.LIMIT"
    assert names.meant("two", "package.one", "") == "package.two"
    assert names.meant("Kind", "package", "Model") == "package.Kind"
    assert names.meant("Model", "package.one", "same") == "package.Model"
    assert names.meant("Base", "package", "Model") == ""
    # Two functions; a module and a function; an argument; the entry itself; what is not public.
    assert names.meant("same", "package.three", "") == names.meant("three", "package.one", "") == ""
    assert names.meant("same", "package.one", "lone") == names.meant("lone", "package.two", "Kind.act") == ""
    assert names.meant("same", "package.one", "same") == names.meant("_hidden", "package.one", "") == ""


def test_a_constant_has_its_value_and_the_comment_beside_it(tmp_path, article):
    path = tmp_path / "limits.py"
    path.write_text("# Above it,\n# in two lines.\nFEW = {\n    1: 2,\n}\nMOST = 2**3  # of a*b\nALL = (\n)\n")
    assert [line for line in api.constants("p.limits", path) if line.strip()] == [
        ".. py:data:: FEW", "   :module: p.limits", "   :value: {1: …}", "   Above it,", "   in two lines.",
        ".. py:data:: MOST", "   :module: p.limits", "   :value: 2 ** 3", "   of a\\*b",
        ".. py:data:: ALL", "   :module: p.limits",
    ]  # fmt: skip
    assert "In the order in which they are preferred" in entry(article, "shrinkage.fit.SOLVERS")


@pytest.mark.parametrize(
    ("docstring", "written"),
    [
        ("Value at `w`, {eq}`eq-objective`.", "Value at `w`, :eq:`eq-objective`."),
        ("See {ref}`the page <sec-api>`.", "See :ref:`the page <sec-api>`."),
        ("Of {eq}`eq-not-yet`, {ref}`a page <ch-not-yet>`.", "Of equation eq-not-yet, a page."),
        ("Where |w| * 2 is ``|a| * b_``\nand `c_`, d_ is.", "Where \\|w\\| \\* 2 is ``|a| * b_``\nand `c_`, d\\_ is."),
        ("A sum over\n``|w_j| and\n|v_j|`` is.", "A sum over\n``|w_j| and\n|v_j|`` is."),
        ("It is\n\n    P(w) = |w|\n    + 1,\n\nor not.", "It is\n\n| P(w) = \\|w\\|\n| + 1,\n\nor not."),
        ("Parameters\n----------\nx_ : a | b\n    Of |x|.\n\n    And *y*, the *one of two*, y*z*.",
         "Parameters\n----------\nx_ : a | b\n    Of \\|x\\|.\n\n    And *y*, the *one of two*, y\\*z\\*."),
        ("Of 2 * 3 * 4, f*(y)*, a*b*c and **p.", "Of 2 \\* 3 \\* 4, f\\*(y)\\*, a\\*b\\*c and \\*\\*p."),
        ("Examples\n--------\n>>> a | b * c_\n'{eq}`x`'", "Examples\n--------\n>>> a | b * c_\n'{eq}`x`'"),
    ],
)  # fmt: skip
def test_prose_of_a_docstring_in_restructuredtext(docstring, written):
    assert "\n".join(api.translated(docstring.split("\n"))).strip() == written
