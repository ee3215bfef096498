# Swift and the system's packages.

begin 'no Swift'
mv "$tools/swift" "$work/swift"
bootstrap
exits 3 'Swift was not found'
mv "$work/swift" "$tools/swift"

begin 'an old Swift'
stand_in "$copy/bin/swift" <<<'echo "Swift version 6.1.2 (swift-6.1.2-RELEASE)"'
bootstrap
exits 3 'Swift 6.1 is too old'

begin 'a Swift that does not start'
stand_in "$copy/bin/swift" <<<'exit 127'
bootstrap
exits 3 'does not start'

# Every module is missing until the file `installed` is there.
without_packages() {
    begin "$1"
    stand_in "$copy/bin/pkg-config" <<<'case $1 in --exists) [ -e installed ] ;; --modversion) echo 8.14 ;; esac'
}

without_packages 'no permission to install'
stand_in "$copy/bin/id" <<<'echo 1000'
bootstrap
exits 4 'Run: sudo apt-get install libvips-dev libsqlite3-dev libpq-dev'

without_packages 'apt installs what is missing'
stand_in "$copy/bin/apt-get" <<<'
echo "$@" >>asked
case "$*" in
    *update*) touch updated ;;
    *) [ -e updated ] && touch installed ;;
esac'
bootstrap
exits 0 'installing libvips-dev libsqlite3-dev libpq-dev'
check 'the lists are updated only after a failure' [ "$(grep -c . "$copy/asked")" -eq 3 ]

without_packages 'sudo is used'
stand_in "$copy/bin/id" <<<'echo 1000'
stand_in "$copy/bin/sudo" <<<'[ "$1" = -n ] && exit 0; touch as-root; exec "$@"'
stand_in "$copy/bin/apt-get" <<<'touch installed'
bootstrap
exits 0 'installing'
check 'sudo was called' [ -e "$copy/as-root" ]

without_packages 'apt without network'
stand_in "$copy/bin/apt-get" <<<'echo "E: Failed to fetch: Could not resolve the host" >&2; exit 100'
bootstrap
exits 5 'apt could not download'

without_packages 'no package manager'
mv "$tools/apt-get" "$work/apt-get"
bootstrap
exits 4 'Missing: vips sqlite3 libpq'
mv "$work/apt-get" "$tools/apt-get"

begin 'no pip, and apt fails'
stand_in "$copy/bin/python3" <<<'exit 1'
bootstrap
exits 4 'apt could not install python3 python3-pip'
