# ./limn builds when it must, and only then.

begin 'the launcher'
stand_in "$copy/bin/swift" <<<'
case $1 in
    --version) echo "Swift version 6.3.1" ;;
    build)
        [ ! -e broken ] || { echo "main.swift:1:1: error: no"; exit 1; }
        echo built >>builds
        mkdir -p .build/release
        printf "#!/usr/bin/env bash\nprintf \"<%%s>\" \"\$@\"\n" >.build/release/limn
        chmod +x .build/release/limn ;;
esac'
builds() { check "$1 builds" [ "$(grep -c . "$copy/builds")" -eq "$1" ]; }

run ./limn draw 'a "cat" & $HOME' ''
exits 0 'limn: building'
check 'arguments pass as they are' grep -qF '<draw><a "cat" & $HOME><>' "$copy/said"
builds 1

run ./limn again
exits 0 '<again>'
check 'it does not speak of building' [ "$(cat "$copy/said")" = '<again>' ]
builds 1

sleep 0.02
touch "$copy/Sources/new.swift"
run ./limn
builds 2
run ./limn
builds 2

sleep 0.02
rm "$copy/Sources/new.swift"
run ./limn
builds 3

touch "$copy/broken" "$copy/Sources/main.swift"
run ./limn
exits 1 'The build failed'
check 'the compiler is quoted' grep -qF 'error: no' "$copy/said"
rm "$copy/broken"
run ./limn
builds 4

ln -s "$copy/limn" "$copy/bin/drawer"
run drawer linked
exits 0 '<linked>'
