# Completion of tm-hooks for fish.
# The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

function __tm_hooks_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --cut-at-cursor --current-token)
    set -l program $words[1]
    type --no-functions --query -- "$program"; or set program tm-hooks
    set -l answer (TM_HOOKS_COMPLETE=fish command $program -- (count $words) $words "$current" 2>/dev/null)
    if test "$answer[1]" = \tfiles
        # What stands before the file: --flag=
        set -l flag (string match --regex -- '^-[^=]*=' "$current")
        # Files are what a command of no name is completed with.
        for file in (complete --do-complete "'' "(string replace -- "$flag" '' "$current"))
            echo -- "$flag$file"
        end
    else
        printf '%s\n' $answer
    end
end

complete --command tm-hooks --no-files --keep-order --arguments '(__tm_hooks_complete)'
