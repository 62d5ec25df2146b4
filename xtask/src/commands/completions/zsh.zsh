
# Completes `cargo xtask` of On the Wire; all else of cargo as before. It stands
# after the line with compinit.
_on_the_wire() {
    if [[ ${words[2]} == xtask ]] && (( CURRENT >= 3 )); then
        local -a candidates
        candidates=(${(f)"$(cargo xtask complete -- "${(@)words[3,CURRENT]}" 2>/dev/null)"})
        if (( $#candidates )); then
            compadd -a candidates
        else
            _files
        fi
    else
        if (( $+functions[_cargo] )) || autoload +X -Uz _cargo 2>/dev/null; then
            _cargo "$@"
        else
            _default
        fi
    fi
}
compdef _on_the_wire cargo
