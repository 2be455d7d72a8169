# make demo   set up, grade a class of sample submissions, show the scores
# make test   set up, check types and style, run the tests
# make check  the long runs: many more random cases, and the benchmarks
# make verify test the tests of every problem set
# make pictures  take the manual's pictures of pages anew, in docs/pictures
# make fuzz   feed the decoder of students' answers with a fuzzer's inputs, for SECONDS=600
# make docs   build the documentation's site in docs/_site; a broken link is an error
# make jupyterlite   build a site on which students need nothing but a browser, in lite/
# make release-notebooks   make release/ from source/ with nbgrader

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# uv takes a third of pip's time; where it does not get at the packages, as behind a mirror that only pip is told of,
# pip does.
EVERYTHING := -c constraints.txt -e '.[instructor,test,docs]'
# One more than there are processors: now and then a test waits.
JOBS ?= $(shell expr $$(nproc) + 1)

SECONDS ?= 600

.PHONY: demo test tests check verify fuzz lint setup browser pictures docs jupyterlite release-notebooks clean

# Compiled once: the sandbox can't write, and would compile anew in every process.
setup: $(READY)
	$(BIN)/python -m compileall -q autograder solutions

$(READY): pyproject.toml setup.py constraints.txt packaging/solutions/pyproject.toml packaging/solutions/setup.py tools/prepare
	PYTHON=$(PYTHON) tools/prepare
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -c constraints.txt uv && $(BIN)/python -m uv pip install --quiet --python $(BIN)/python --compile-bytecode $(EVERYTHING) \
		|| $(PIP) $(EVERYTHING)
	touch $@

demo: setup
	$(BIN)/autograder demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

browser:
	PYTHON=$(PYTHON) tools/prepare browser

# The programs of tests start by the hundred; none is to compile what another has compiled.
test: export PYTHONDONTWRITEBYTECODE =
test: setup browser
	$(MAKE) --no-print-directory --jobs=2 lint tests

tests:
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

check: test docs jupyterlite
	WHOLE_CORPUS=1 $(BIN)/python -m pytest tests/foreign -n $(JOBS) --dist loadfile
	$(BIN)/python benchmarks/right_answers.py
	$(BIN)/python benchmarks/diagnosis.py
	$(BIN)/python benchmarks/class_of_submissions.py
	$(BIN)/python benchmarks/oracle.py
	$(BIN)/python benchmarks/gradescope_image.py

fuzz: setup
	$(BIN)/python tests/callloop/fuzz_decoder.py --seconds $(SECONDS)

verify: setup
	for set in source/*/; do $(BIN)/autograder verify $$(basename $$set) --jobs $(JOBS) || exit 1; done

pictures: setup browser
	$(BIN)/python tools/graded_picture.py
	$(BIN)/python tools/pictures.py
	PICTURES=1 $(BIN)/python -m pytest tests/browser -k pictures

docs: setup
	$(BIN)/sphinx-build --builder html --fail-on-warning --keep-going --quiet docs docs/_site
	@echo 'the site: docs/_site/index.html'

jupyterlite: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lite]'
	$(BIN)/python tools/jupyterlite.py lite $(if $(PYODIDE),--pyodide $(PYODIDE))

release-notebooks: setup
	for set in source/*/; do $(BIN)/nbgrader generate_assignment --force $$(basename $$set) || exit 1; done

clean:
	rm -rf $(VENV) build dist *.egg-info packaging/solutions/build packaging/solutions/*.egg-info demo-course docs/_site docs/reference lite
