# SPDX-License-Identifier: GPL-2.0-or-later
# The commands of people and of CI. Needs git, make and Python 3.11 or newer; the rest is installed on demand.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
VENV_QGIS := .venv-qgis
VENV_TRAIN := .venv-train
VENV_TRITON := .venv-interop
VENV_MLSERVER := .venv-mlserver
PYTHON := $(VENV)/bin/python
PYTHON_QGIS := $(VENV_QGIS)/bin/python

# A stamp lies in its environment, so that removing the environment removes it.
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev
QGIS := $(VENV_QGIS)/.installed
BROWSER := $(VENV)/.installed-browser
TRAIN := $(VENV_TRAIN)/.installed
PINS := constraints/backend.txt pyproject.toml scripts/setup_backend.sh

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.PHONY: env
env: $(DEV) ## make the backend's environment with the development tools

.PHONY: env-qgis
env-qgis: $(QGIS) ## install QGIS where it is missing and make the environment of its tests

$(RUNTIME): $(PINS)
	scripts/setup_backend.sh $(VENV)
	$(VENV)/bin/ocsge warmup
	touch $@

$(DEV): $(PINS) | $(RUNTIME)
	scripts/setup_backend.sh $(VENV) dev
	touch $@ $(RUNTIME)

$(QGIS): constraints/qgis.txt scripts/setup_qgis.sh scripts/setup_qgis_env.sh
	scripts/setup_qgis.sh
	scripts/setup_qgis_env.sh $(VENV_QGIS)
	touch $@

$(BROWSER): scripts/setup_browser.sh | $(RUNTIME)
	scripts/setup_browser.sh
	touch $@

$(TRAIN): $(PINS)
	scripts/setup_backend.sh $(VENV_TRAIN) train
	touch $@

$(VENV_TRITON)/.installed: constraints/interop-triton.txt scripts/setup_interop.sh
	scripts/setup_interop.sh $(VENV_TRITON) $< nvidia-pytriton onnxruntime
	touch $@

$(VENV_MLSERVER)/.installed: constraints/interop-mlserver.txt scripts/setup_interop.sh
	scripts/setup_interop.sh $(VENV_MLSERVER) $< mlserver onnxruntime
	touch $@

.PHONY: demo
demo: $(RUNTIME) ## make a commune, its OCS GE layer, figures and pictures; open QGIS if there is a display
	$(PYTHON) -m scripts.demo build/demo
	scripts/open_demo.sh

.PHONY: test
test: $(DEV) $(QGIS) $(BROWSER) i18n ## run every test, QGIS included
	$(PYTHON) scripts/run_tests.py

.PHONY: check
check: $(DEV) ## lint, types, security and architecture
	scripts/run_checks.sh

.PHONY: i18n
i18n: $(QGIS) ## build the translations
	$(PYTHON_QGIS) scripts/build_i18n.py

.PHONY: zips
zips: $(RUNTIME) i18n ## build the two plugin zips into dist/
	$(PYTHON) -m scripts.build_zips dist

.PHONY: dev
dev: $(RUNTIME) ## write metadata.txt beside each plugin, to load them from the checkout
	$(PYTHON) -m scripts.dev_metadata

.PHONY: qgis
qgis: $(QGIS) zips ## open the demo in a private QGIS profile with both plugins
	scripts/open_qgis.sh

.PHONY: bench
bench: $(DEV) ## measure speed and memory as ratios; PARTS="raw memory" for some of them
	$(PYTHON) -m benchmarks.run build/bench.json $(PARTS)

.PHONY: bench-quality
bench-quality: $(DEV) ## measure how good lots are on synthetic communes that nothing was fitted on
	$(PYTHON) -m benchmarks.quality build/quality.json

.PHONY: bench-ui
bench-ui: $(DEV) $(QGIS) i18n ## measure both plugins in a real QGIS into build/ui.json; PARTS="brush" REVIEW="lot" for some
	$(if $(REVIEW),,$(PYTHON_QGIS) -m benchmarks.ui.run build/ui.json $(PARTS))
	$(if $(PARTS),,$(PYTHON_QGIS) -m benchmarks.ui_review.run build/ui.json $(REVIEW))

.PHONY: bench-db
bench-db: $(DEV) $(QGIS) ## let fifty interpreters share a lot in PostGIS for ten minutes, into build/db.json; BENCH_S=60 for a try
	$(PYTHON_QGIS) -m benchmarks.db.run build/db.json

.PHONY: bench-review
bench-review: $(DEV) $(QGIS) i18n ## count gestures and seconds of a review of made communes into build/review.json
	$(PYTHON_QGIS) -m benchmarks.review.run build/review.json $(SEEDS)

.PHONY: bench-live
bench-live: $(DEV) ## measure segments, learner and masks of the annotator on communes that nothing was tuned on
	OMP_NUM_THREADS=1 $(PYTHON) -m benchmarks.live build/live.json

.PHONY: bench-annotator
bench-annotator: $(DEV) $(QGIS) i18n ## count the seconds of a person per patch, by five ways, into build/annotator.json
	$(PYTHON_QGIS) -m benchmarks.annotator.run build/annotator.json $(WAYS)

.PHONY: bench-estimators
bench-estimators: $(RUNTIME) ## count how often 95 % intervals of a control cover the truth, into build/estimators.json
	$(PYTHON) -m benchmarks.estimators.coverage build/estimators.json

.PHONY: bench-control
bench-control: $(RUNTIME) ## time sample and report on a million polygons, and the dashboard of a country, into build/control.json and build/production.json
	test -f build/review/big.gpkg || $(PYTHON) -m benchmarks.big_lot build/review/big.gpkg
	$(PYTHON) -m benchmarks.control.run build/review/big.gpkg build/control.json
	$(PYTHON) -m benchmarks.production.run build/production.json

.PHONY: quality-page
quality-page: $(RUNTIME) ## put the figures of the last `make bench-quality` into docs/postprocess.md
	$(PYTHON) -m benchmarks.quality_page build/quality.json docs/postprocess.md

.PHONY: bench-page
bench-page: $(RUNTIME) ## put the figures of the last `make bench` into docs/backend.md and docs/postprocess.md
	$(PYTHON) -m benchmarks.report build/bench.json docs/backend.md
	$(PYTHON) -m benchmarks.report build/bench.json docs/postprocess.md

.PHONY: kill-predict
kill-predict: $(RUNTIME) ## kill a prediction at 20 random moments and compare each restart with an undisturbed run
	$(PYTHON) -m benchmarks.kill_predict

.PHONY: kill-annotate
kill-annotate: $(DEV) $(QGIS) i18n ## kill a QGIS in which somebody annotates at 50 random moments; compare each reopening
	xvfb-run -a -s "-screen 0 1920x1080x24" bash -c 'openbox & exec $(PYTHON_QGIS) -m benchmarks.kill_annotate.run build/kill_annotate.json'

.PHONY: kill-review
kill-review: $(DEV) $(QGIS) i18n ## kill a QGIS in which somebody reviews at 50 random moments; judge what each left
	xvfb-run -a -s "-screen 0 1920x1080x24" bash -c 'openbox & exec $(PYTHON_QGIS) -m benchmarks.kill_review.run build/kill_review.json'

.PHONY: kill-db
kill-db: $(DEV) $(QGIS) ## kill the database, its connections or the people at 50 random moments; judge what is left
	$(PYTHON_QGIS) -m benchmarks.db.kill build/kill_db.json

.PHONY: setup-story
setup-story: $(DEV) $(QGIS) i18n ## set the backend up in a real QGIS, online, from a bundle and elsewhere, and cancel a job; pictures of the guide
	$(PYTHON) -m scripts.build_bundle build/setup-bundle --platform linux_x86_64 --python 3.11
	$(PYTHON_QGIS) -m tests.qgis.common.desktop.tell_setup build/story-setup build/setup-bundle/*-linux_x86_64.zip docs/images

.PHONY: annotator-story
annotator-story: $(DEV) $(QGIS) i18n ## label a patch with every tool in a real QGIS, export it, read it back; pictures of the guide
	$(PYTHON_QGIS) -m tests.qgis.annotator.desktop.tell_story build/story docs/images

.PHONY: annotator-page
annotator-page: $(RUNTIME) ## put the last figures of speed, gestures and kills into docs/annotator.md
	$(PYTHON) -m benchmarks.annotator_page build docs/annotator.md

.PHONY: review-story
review-story: $(DEV) $(QGIS) i18n ## review a lot in a real QGIS, then three people on one in PostGIS; pictures of the guide
	$(PYTHON_QGIS) -m tests.qgis.pi_review.desktop.tell_story build/story-review docs/images

.PHONY: report-pictures
report-pictures: $(DEV) $(BROWSER) ## print the report of a made control; pictures of docs/control-report.md
	$(PYTHON) -m tests.backend.reporting.draw_pages docs/images

.PHONY: control-story
control-story: $(DEV) $(QGIS) $(BROWSER) i18n ## control a lot in a real QGIS, from the sample to the dashboard; pictures of the guides
	$(PYTHON_QGIS) -m tests.qgis.pi_review.desktop.tell_control build/story-control docs/images

.PHONY: review-page
review-page: $(RUNTIME) ## put the last figures of speed, gestures and kills into docs/review.md
	$(PYTHON) -m benchmarks.review_page build docs/review.md

.PHONY: interop
interop: $(RUNTIME) $(VENV_TRITON)/.installed $(VENV_MLSERVER)/.installed ## predict through a real Triton and a real MLServer
	$(PYTHON) -m scripts.interop.run build/interop.json

.PHONY: fuzz
fuzz: $(DEV) ## send a thousand made-up requests to the service and judge the answers
	$(PYTHON) -m scripts.fuzz_service

.PHONY: fuzz-review
fuzz-review: $(DEV) ## try 10,000 random sequences of review gestures on real shapes; SEQUENCES="500" for fewer
	$(PYTHON) -m benchmarks.fuzz_review build/fuzz_review.json $(SEQUENCES)

.PHONY: bundle
bundle: $(RUNTIME) ## pack the backend for machines without internet, Linux and Windows
	$(PYTHON) -m scripts.build_bundle dist

.PHONY: bundle-test
bundle-test: $(DEV) ## install the Linux bundle without network, resolve that of Windows
	scripts/test_bundle.sh dist

.PHONY: model-env
model-env: $(TRAIN) ## make the environment that trains and converts models

.PHONY: model
model: $(TRAIN) ## train the embedded baseline model again
	$(VENV_TRAIN)/bin/python -m training.train

.PHONY: clean
clean: ## remove what make built, environments excepted
	rm -rf build dist
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +
