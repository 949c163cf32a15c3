# task: gallery.iterates
# diagnosis: agrees
# message: You walk along the gradient, which leads upwards: subtract it.
# section: sec-gallery-generator


def iterates(gradient, w, step):
    while True:
        yield w
        w = w + step * gradient(w)
