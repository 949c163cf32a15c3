# task: ridge.closed_form
# wants: to wait for ever without using the processor
# deserves: 0
import time

import numpy as np


def closed_form(X, y, lam):
    time.sleep(1e6)
