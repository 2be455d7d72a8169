"""The words of `autograder export`."""

import argparse

from autograder.cli.options import EXIT_STATUS, add_course_option, add_visibility_option, positive_points, seconds

GRADEBOOKS = {
    "csv": "a table: one row a student, one column an exercise",
    "canvas": "a gradebook that Canvas imports",
    "moodle": "a gradebook, or a grading worksheet, that Moodle imports",
    "brightspace": "a gradebook that Brightspace imports",
}
GRADESCOPE = "the autograder zip for Gradescope: setup, run script, grader, tests"


def _add_gradebook_options(parser: argparse.ArgumentParser, form: str) -> None:
    parser.add_argument("assignments", nargs="+", metavar="SET", help="the assignment; several make one file")
    parser.add_argument("--output", metavar="FILE", help=f"where to write it (SET-{form}.csv)")
    if form != "csv":
        parser.add_argument(
            "--roster", metavar="FILE", help="the gradebook that the LMS exported: who is who there, and its columns"
        )
        parser.add_argument(
            "--column", metavar="TITLE", help="what the assignment is called there (SET), or the roster's column"
        )
        parser.add_argument("--out-of", type=positive_points, metavar="POINTS", help="scale scores to so many points")
    parser.add_argument("--drop", action="append", default=[], metavar="EXERCISE", help="leave an exercise out")
    parser.add_argument(
        "--missing", choices=("empty", "zero"), default="empty", help="what a student without a submission gets"
    )
    parser.add_argument(
        "--partial", action="store_true", help="give scores, too, of which a person has not graded everything"
    )
    add_course_option(parser)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    formats = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
    for form, summary in GRADEBOOKS.items():
        own = formats.add_parser(form, help=summary, description=f"Writes {summary}.", epilog=EXIT_STATUS)
        _add_gradebook_options(own, form)
    own = formats.add_parser("gradescope", help=GRADESCOPE, description=f"Writes {GRADESCOPE}.", epilog=EXIT_STATUS)
    own.add_argument("assignment", metavar="SET", help="the assignment")
    own.add_argument("--output", metavar="FILE", help="where to write it (SET-gradescope.zip)")
    add_visibility_option(own)
    own.add_argument("--timeout", type=seconds, default=10.0, metavar="SECONDS", help="for one cell (%(default)g)")
    own.add_argument(
        "--total-timeout", type=seconds, default=60.0, metavar="SECONDS", help="for a notebook's cells (%(default)g)"
    )
    add_course_option(own)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Write an export; return the exit status."""
    if arguments.format == "gradescope":
        from autograder.cli.export_gradescope import export_gradescope

        return export_gradescope(
            arguments.assignment, output=arguments.output, visibility=arguments.visibility, course=arguments.course,
            cell_seconds=arguments.timeout, total_seconds=arguments.total_timeout,
        )  # fmt: skip
    from autograder.cli.export import export

    return export(
        arguments.format, arguments.assignments, output=arguments.output, roster=getattr(arguments, "roster", None),
        column=getattr(arguments, "column", None), out_of=getattr(arguments, "out_of", None), drop=arguments.drop,
        missing=arguments.missing, partial=arguments.partial, course=arguments.course,
    )  # fmt: skip
