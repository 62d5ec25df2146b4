
# Completes `cargo xtask` of On the Wire; all else of cargo as before.
declare -F _comp_load >/dev/null && _comp_load cargo 2>/dev/null
declare -F _completion_loader >/dev/null && _completion_loader cargo 2>/dev/null
_on_the_wire_before=$(complete -p cargo 2>/dev/null | sed -n 's/.* -F \([^ ]*\) .*/\1/p')
[[ $_on_the_wire_before == _on_the_wire ]] && _on_the_wire_before=
_on_the_wire() {
    if [[ ${COMP_WORDS[1]} == xtask && $COMP_CWORD -ge 2 ]]; then
        local IFS=$'\n'
        COMPREPLY=($(cargo xtask complete -- "${COMP_WORDS[@]:2:COMP_CWORD-1}" 2>/dev/null))
    elif [[ -n $_on_the_wire_before ]]; then
        "$_on_the_wire_before" "$@"
    fi
}
complete -o default -o bashdefault -F _on_the_wire cargo
