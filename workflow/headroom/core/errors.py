"""What a person is told when something is wrong: one line that names the place, what was found and what to do."""


class HeadroomError(Exception):
    """Anything that is the input's, the machine's or the user's doing: shown as one line, never as a traceback."""


class BadRecording(HeadroomError):
    """A recording that cannot be used as it is."""


class CorruptFile(HeadroomError):
    """A file whose bytes are not those that its job wrote."""


class Diverged(HeadroomError):
    """Training met a loss that is not finite."""


class Interrupted(HeadroomError):
    """A termination signal arrived; a checkpoint was written and the same command goes on from it."""
