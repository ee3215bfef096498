# Sourced: `prepare NAME` makes the virtual environment of requirements/NAME.txt, once for each content of that file.
environments=$root/.build-clients

prepare() {
    local wanted="$here/requirements/$1.txt" made="$environments/$1"
    if ! cmp -s "$wanted" "$made/requirements.txt"; then
        rm -rf "$made"
        python3 -m venv "$made"
        "$made/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
        cp "$wanted" "$made/requirements.txt"
    fi
}
