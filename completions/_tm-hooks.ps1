# Completion of tm-hooks for PowerShell.
# The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

Register-ArgumentCompleter -Native -CommandName tm-hooks -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words up to the cursor, as they are written; nothing of the line is run.
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text })
    if ($words.Count -eq 0) { return }
    if ($wordToComplete -eq '') { $words += '' } else { $words[-1] = $wordToComplete }

    $before = $env:TM_HOOKS_COMPLETE, $env:TM_HOOKS_COMPLETE_WORDS
    $encoding = [Console]::OutputEncoding
    try {
        $env:TM_HOOKS_COMPLETE = 'powershell'
        $env:TM_HOOKS_COMPLETE_WORDS = $words -join "`n"
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $answer = @(& tm-hooks -- 2>$null)
    } catch {
        return
    } finally {
        $env:TM_HOOKS_COMPLETE, $env:TM_HOOKS_COMPLETE_WORDS = $before
        [Console]::OutputEncoding = $encoding
    }

    # Without an answer, or for files, PowerShell completes files by itself.
    foreach ($line in $answer) {
        $value, $about = $line -split "`t", 2
        if (-not $value) { continue }
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
