#!/bin/sh
# The browser of the browser tests. `chromium.sh install` brings it with apt where nobody has to be asked;
# `chromium.sh find` prints where it is, or says what to do.
set -u
. "${0%/*}/../apt.sh"

say_what_to_do() {
    echo "The browser tests need Chromium: install it (on Debian, as root: apt-get install chromium) and run make test again." >&2
}

# A name alone is not enough: on Ubuntu it may stand for a snap that is not there.
find_chromium() {
    for name in chromium chromium-browser google-chrome; do
        path=$(command -v "$name") || continue
        if timeout 20 "$path" --version >/dev/null 2>&1 </dev/null; then
            echo "$path"
            return
        fi
    done
    return 1
}

# With fonts, so that lines break as they do elsewhere and an emoji is no empty box.
install_chromium() {
    echo "Installing Chromium with apt, for the browser tests."
    apt_install chromium fonts-noto-core fonts-noto-color-emoji
}

case "${1-}" in
    install)
        # Without a browser the other tests are still worth running.
        find_chromium >/dev/null && exit
        if may_install; then install_chromium; fi
        find_chromium >/dev/null || say_what_to_do
        ;;
    find)
        find_chromium || { say_what_to_do; exit 1; }
        ;;
    *)
        echo "usage: chromium.sh install|find" >&2
        exit 2
        ;;
esac
