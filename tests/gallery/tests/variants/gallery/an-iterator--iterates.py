# task: gallery.iterates


def iterates(gradient, w, step):
    class Walk:
        def __init__(self):
            self.w = None

        def __iter__(self):
            return self

        def __next__(self):
            self.w = w if self.w is None else self.w - step * gradient(self.w)
            return self.w

    return Walk()
