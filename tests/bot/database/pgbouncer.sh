#!/bin/sh
# The connection pooler of the store's tests. `pgbouncer.sh install` brings it with apt where nobody has to be asked;
# `pgbouncer.sh find` prints where it is, or says what to do.
set -u
. "${0%/*}/../../apt.sh"

# Where Debian puts it, which is not on everybody's path.
PATH=$PATH:/usr/sbin

say_what_to_do() {
    echo "The tests of PgBouncer need it: install it (on Debian, as root: apt-get install pgbouncer) and run make test again." >&2
}

find_pgbouncer() {
    command -v pgbouncer
}

case "${1-}" in
    install)
        # Without it the other tests are still worth running.
        find_pgbouncer >/dev/null && exit
        if may_install; then
            echo "Installing PgBouncer with apt, for the store's tests."
            apt_install pgbouncer
            # The package starts one as a service; tests start their own.
            if [ -d /run/systemd/system ]; then as_root systemctl disable --now pgbouncer; fi >/dev/null 2>&1
        fi
        find_pgbouncer >/dev/null || say_what_to_do
        ;;
    find)
        find_pgbouncer || { say_what_to_do; exit 1; }
        ;;
    *)
        echo "usage: pgbouncer.sh install|find" >&2
        exit 2
        ;;
esac
