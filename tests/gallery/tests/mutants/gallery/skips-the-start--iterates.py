# task: gallery.iterates
# diagnosis: agrees
# message: The first point is the one that was given: yield before you step.
# section: sec-gallery-generator


def iterates(gradient, w, step):
    while True:
        w = w - step * gradient(w)
        yield w
