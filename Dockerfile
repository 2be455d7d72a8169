# The grader in a container that holds nothing else, for `--isolation container`:
#
#     docker build --tag backprop-autograder .
#     docker run --rm --network none --volume "$PWD":/course backprop-autograder run submissions/ --isolation container
#
# It runs as root, which gives student code to a user of its own that owns nothing; docs/ci.md says more.
ARG PYTHON=3.12

FROM python:${PYTHON}-slim-bookworm AS built
COPY . /checkout
WORKDIR /checkout
RUN AUTOGRADER_RELEASE=1 python -m pip wheel --quiet --no-deps --wheel-dir /wheels . ./packaging/solutions

FROM python:${PYTHON}-slim-bookworm
# What the sandbox is made of; git and curl for the CI jobs that fetch submissions.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        bubblewrap ca-certificates curl git libseccomp2 \
    && rm -rf /var/lib/apt/lists/*
COPY constraints.txt /constraints.txt
# `grader` instead of `instructor` makes an image without nbgrader and the reference solutions, for students' jobs.
ARG EXTRA=instructor
RUN --mount=type=bind,from=built,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --constraint /constraints.txt --find-links /wheels "backprop-autograder[${EXTRA}]" \
    && autograder --version
WORKDIR /course
ENTRYPOINT ["autograder"]
CMD ["--help"]
