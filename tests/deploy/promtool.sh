#!/bin/sh
# The tool that tests Prometheus's rules. `promtool.sh install` brings it with apt where nobody has to be asked;
# `promtool.sh find` prints where it is, or says what to do.
set -u
. "${0%/*}/../apt.sh"

own=$(cd "${0%/*}/../.." && pwd)/build/promtool

say_what_to_do() {
    echo "The tests of the alerts need promtool: install it (on Debian, as root: apt-get install prometheus) and run make test again." >&2
}

find_promtool() {
    command -v promtool && return
    # The package may be of another machine's kind.
    "$own" --version >/dev/null 2>&1 && echo "$own"
}

# Only the one program is taken out of the package: installed, it would run a server from then on.
unpack_promtool() {
    folder=$(mktemp -d) && mkdir -p "${own%/*}" || return
    {
        apt update
        chmod 755 "$folder"
        # apt downloads as a user of its own, who may not write where root may.
        (cd "$folder" && apt-get -q -o APT::Sandbox::User=root download prometheus) &&
            dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar -xO ./usr/bin/promtool >"$own.part" &&
            chmod 755 "$own.part" && mv "$own.part" "$own"
    } >"$folder/log" 2>&1 || tail -n 5 "$folder/log" >&2
    rm -rf "$folder" "$own.part"
}

case "${1-}" in
    install)
        # Without it the other tests are still worth running.
        find_promtool >/dev/null && exit
        if may_install; then
            echo "Taking promtool out of Debian's package prometheus, for the tests of the alerts."
            unpack_promtool
        fi
        find_promtool >/dev/null || say_what_to_do
        ;;
    find)
        find_promtool || { say_what_to_do; exit 1; }
        ;;
    *)
        echo "usage: promtool.sh install|find" >&2
        exit 2
        ;;
esac
