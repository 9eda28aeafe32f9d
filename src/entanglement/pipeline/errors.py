"""What people can mend, told apart from defects of the code by its class."""


class MendableError(Exception):
    """The text says what was given, what is allowed and what to do; no traceback is shown."""
