
# Completes `cargo xtask` of On the Wire.
Register-ArgumentCompleter -Native -CommandName cargo -ScriptBlock {
    param($word, $ast, $position)
    $words = @($ast.CommandElements | ForEach-Object { $_.ToString() })
    if ($words.Count -lt 2 -or $words[1] -ne 'xtask') { return }
    $before = @($words | Select-Object -Skip 2)
    if ($word -ne '' -and $before.Count -gt 0) { $before = @($before | Select-Object -SkipLast 1) }
    cargo xtask complete '--' @before "$word" 2>$null |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
