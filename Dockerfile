FROM python:3.13-slim AS build
WORKDIR /build
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY fglint fglint
COPY rules rules
COPY reference reference
RUN python -m venv /opt/fglint \
    && /opt/fglint/bin/pip install --no-cache-dir --disable-pip-version-check . \
    && /opt/fglint/bin/pip uninstall --yes --quiet pip

FROM python:3.13-slim
COPY --from=build /opt/fglint /opt/fglint
ENV PATH="/opt/fglint/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --create-home fglint
USER 10001
WORKDIR /src
ENTRYPOINT ["fglint"]
CMD ["check"]
