"""What goes wrong with a report, told in one sentence."""


class ReportError(Exception):
    """The message is one sentence that names what and where."""
