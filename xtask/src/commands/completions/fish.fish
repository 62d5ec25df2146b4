
# Completes `cargo xtask` of On the Wire; all else of cargo as before.
function __on_the_wire
    set -l words (commandline -opc)
    cargo xtask complete -- $words[3..-1] (commandline -ct) 2>/dev/null
end
complete -c cargo -n 'test (count (commandline -opc)) -ge 2; and test (commandline -opc)[2] = xtask' -a '(__on_the_wire)'
