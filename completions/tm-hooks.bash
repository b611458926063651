# Completion of tm-hooks for Bash, with or without the package bash-completion.
# The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

_tm_hooks() {
    local program=${1:-tm-hooks} text=${2-} line=${COMP_LINE-} point=${COMP_POINT-} candidate
    type -P -- "$program" >/dev/null || program=tm-hooks
    if [[ -z $line ]]; then
        # Called by another function, with the words alone.
        line="${COMP_WORDS[*]:0:COMP_CWORD+1}" point=''
        line=${line// = /=}
        text=${2-${COMP_WORDS[COMP_CWORD]}}
    fi
    point=${point:-${#line}}
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(COMP_TYPE=${COMP_TYPE-} TM_HOOKS_COMPLETE=bash "$program" -- "${line:0:point}" "${line:point}" "$text" 2>/dev/null)
    if [[ ${COMPREPLY[0]-} == $'\tfiles' ]]; then
        COMPREPLY=()
        compopt -o default 2>/dev/null
    elif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[/=] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}

complete -o bashdefault -o nosort -F _tm_hooks tm-hooks 2>/dev/null || complete -o bashdefault -F _tm_hooks tm-hooks
