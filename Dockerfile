# Built here and left behind: pip, setuptools, the sources and the wheel.
FROM python:3.11.15-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY build-requirements.lock requirements.lock ./
RUN python -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r build-requirements.lock \
    && python -m venv --without-pip /opt/earthweek \
    && /opt/tools/bin/pip --python /opt/earthweek/bin/python install \
        --no-cache-dir --no-compile --require-hashes -r requirements.lock
COPY pyproject.toml setup.py README.md LICENSE ./
COPY bot bot
RUN /opt/tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/tools/bin/pip --python /opt/earthweek/bin/python install \
        --no-cache-dir --no-compile --no-deps --no-index dist/*.whl
COPY campaigns /campaigns
RUN chmod -R a+rX /campaigns

FROM python:3.11.15-slim-bookworm
LABEL org.opencontainers.image.title="Earth Week" \
      org.opencontainers.image.description="A Slack bot that runs a company's Earth Week" \
      org.opencontainers.image.version="0.1.0"
RUN groupadd --system --gid 10001 earthweek \
    && useradd --system --no-log-init --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin earthweek \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=build /opt/earthweek /opt/earthweek
COPY --from=build /campaigns /campaigns
# Later nothing can be written: the modules that the running bot needs are compiled now, Python's own among them.
RUN ["/opt/earthweek/bin/python", "-c", "import bot.cli.main, bot.cli.run, bot.cli.doctor, bot.cli.doctor_checks, psycopg"]
ENV PATH=/opt/earthweek/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/earthweek.db \
    EARTHWEEK_CAMPAIGN=/campaigns/earth-week-2027 \
    HOST=0.0.0.0 \
    PORT=3000 \
    LOG_FORMAT=json
WORKDIR /data
VOLUME ["/data"]
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["earthweek", "doctor", "--ready"]
ENTRYPOINT ["earthweek"]
CMD ["run"]
