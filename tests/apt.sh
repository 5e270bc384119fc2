# Programs that tests need and pip does not have. To be sourced.

as_root() {
    if [ "$(id -u)" = 0 ]; then
        timeout --foreground 600 "$@" </dev/null
    else
        sudo -n timeout --foreground 600 "$@" </dev/null
    fi
}

may_install() {
    command -v apt-get && as_root true
} >/dev/null 2>&1

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=60 -o Acquire::Retries=2 "$@"
}

# Says only what went wrong.
apt_install() {
    log=$(mktemp)
    { apt update; apt install --no-install-recommends "$@"; } >"$log" 2>&1 || tail -n 5 "$log" >&2
    rm -f "$log"
}
