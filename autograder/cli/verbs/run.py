"""The words of `autograder run`."""

import argparse

from autograder.cli.options import add_grading_options, add_visibility_option, limits_from, percentage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="a notebook, or a folder of notebooks")
    parser.add_argument("--assignment", metavar="SET", help="the assignment (default: told from the notebook)")
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")
    parser.add_argument("--gradescope", metavar="FILE", help="write the results as Gradescope's results.json")
    add_visibility_option(parser)
    parser.add_argument("--html", metavar="FOLDER", help="write a page of feedback on each notebook into a folder")
    parser.add_argument(
        "--summary", metavar="FILE", help="write the results as Markdown; in GitHub Actions the job's summary gets them"
    )
    parser.add_argument("--code-quality", metavar="FILE", help="write GitLab's code quality report")
    parser.add_argument(
        "--classroom", metavar="FILE", help="write the points for GitHub Classroom, and set the step's output 'result'"
    )
    parser.add_argument(
        "--write", action="append", default=[], metavar="NAME=FILE", help="write with another package's writer"
    )
    parser.add_argument(
        "--fail-under", type=percentage, metavar="PERCENT", help="exit with 1 if a submission earns less"
    )
    parser.add_argument("--explain", action="store_true", help="say of each test how it was run")
    add_grading_options(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Grade notebooks; return the exit status."""
    limits = limits_from(arguments, parser)
    from autograder.cli.run import Outputs, run

    outputs = Outputs(
        arguments.json, arguments.junit, arguments.summary, arguments.code_quality, arguments.classroom,
        arguments.gradescope, arguments.html, arguments.visibility, arguments.write,
    )  # fmt: skip
    return run(
        arguments.notebooks, assignment=arguments.assignment, outputs=outputs, fail_under=arguments.fail_under,
        jobs=arguments.jobs, limits=limits, isolation=arguments.isolation, backend=arguments.backend,
        course=arguments.course, quiet=arguments.quiet, explain=arguments.explain,
    )  # fmt: skip
