# The commands of this project. `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
VENV_PYTHON = .venv/bin/python

.PHONY: help run dev admin test check format requirements setup validator

help:
	@echo "make run           serve the portal at http://localhost:$(PORT) (another port: make run PORT=8001)"
	@echo "make admin         make an account with all rights; it signs in by a code (var/mail/)"
	@echo "make test          prove it: the whole suite (a part of it: make test ARGS='-k partners')"
	@echo "make dev           serve with DEBUG on, and anew after each change of the code"
	@echo "make check         lint, format, templates, migrations, and Django's check for deployment"
	@echo "make format        put right what lint and format can put right by themselves"
	@echo "make requirements  pin the packages anew, from the two requirements*.in (needs uv)"
	@echo "make validator     install the HTML checker that some tests use (needs npm and Java)"

# `exec`, so that a signal to make reaches the server and not a shell between them.
run:
	@exec $(PYTHON) -m dev.run "$(PORT)"

dev:
	@exec $(PYTHON) -m dev.run --reload "$(PORT)"

# The page to sign in at is where `make run` serves.
admin: setup
	@env $$(sed 's/^/SITE_URL=/' var/run.lock 2>/dev/null) $(VENV_PYTHON) manage.py make_admin

# The whole suite is shared out to a worker for each core; a part of it runs sooner in one process.
test: setup
	@$(VENV_PYTHON) -m pytest $(if $(ARGS),$(ARGS),--numprocesses logical --dist loadgroup --no-loadscope-reorder)

# Django's check for deployment looks at production's settings, so it gets production's values.
check: setup
	@$(VENV_PYTHON) -m ruff check
	@$(VENV_PYTHON) -m ruff format --check
	@git ls-files -z 'templates/*.html' | xargs -0 .venv/bin/djade --check --target-version 5.2
	@$(VENV_PYTHON) manage.py makemigrations --check --dry-run
	@env DEBUG=False HTTPS_ONLY=True ALLOWED_HOSTS=portal.example DATABASE_URL=postgres://portal@localhost/portal \
	    EMAIL_URL=smtp+tls://portal:secret@mail.example:587 \
	    SECRET_KEY="$$($(VENV_PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	    $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING

# djade's exit code says that it changed a file, which is what it is here for.
format: setup
	@$(VENV_PYTHON) -m ruff check --fix --exit-zero --quiet
	@$(VENV_PYTHON) -m ruff format
	@git ls-files -z 'templates/*.html' | xargs -0 .venv/bin/djade --target-version 5.2 || true

# Newer versions are taken only on request: make requirements ARGS=--upgrade
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make requirements' $(ARGS)

requirements:
	@command -v uv >/dev/null || { echo "This needs uv, a package installer: pipx install uv"; exit 1; }
	@$(COMPILE) requirements.in --output-file requirements.txt
	@$(COMPILE) requirements-dev.in --output-file requirements-dev.txt

# Nu, the HTML checker of the W3C. It is a Java program that comes as an npm package.
validator:
	@npm ci --prefix dev/validator --ignore-scripts --silent

setup:
	@$(PYTHON) -m dev.setup
