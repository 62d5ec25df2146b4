
# Completes `cargo xtask` of On the Wire; all else of cargo as before.
function __on_the_wire
    set -l words (commandline -opc)
    set -l candidates (cargo xtask complete -- $words[3..-1] (commandline -ct) 2>/dev/null)
    if set -q candidates[1]
        printf '%s\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c cargo -f -n 'test (count (commandline -opc)) -ge 2; and test (commandline -opc)[2] = xtask' -a '(__on_the_wire)'
