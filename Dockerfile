FROM python:3.11-slim AS build
WORKDIR /build
COPY build-requirements.lock requirements.lock pyproject.toml README.md ./
RUN python -m venv /opt/earthweek \
    && /opt/earthweek/bin/pip install --no-cache-dir --require-hashes -r build-requirements.lock -r requirements.lock
COPY bot bot
RUN /opt/earthweek/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /data earthweek
COPY --from=build /opt/earthweek /opt/earthweek
COPY campaigns /campaigns
USER earthweek
WORKDIR /data
VOLUME ["/data"]
ENV PATH=/opt/earthweek/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/earthweek.db \
    EARTHWEEK_CAMPAIGN=/campaigns/earth-week-2027 \
    HOST=0.0.0.0 \
    LOG_FORMAT=json
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/health/live', timeout=3)"]
ENTRYPOINT ["earthweek"]
CMD ["run"]
