# task: ridge.closed_form
# wants: to fill the report with its exception
# deserves: 0
import numpy as np


def closed_form(X, y, lam):
    raise type("<script>alert(1)</script>" * 10_000, (Exception,), {})("\ud800<b>" * 1_000_000)
