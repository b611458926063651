# Completion of tm-hooks for Elvish.
# The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

use str

set edit:completion:arg-completer[tm-hooks] = {|@words|
    tmp E:TM_HOOKS_COMPLETE = elvish
    var answer = [((external tm-hooks) -- (- (count $words) 1) $@words | from-lines)]
    if (eq $answer ["\tfiles"]) {
        # What stands before the file: --flag=
        var typed = $words[-1]
        var flag = ''
        if (and (str:has-prefix $typed '-') (str:contains $typed '=')) {
            set flag = (str:split &max=2 '=' $typed | take 1)'='
        }
        edit:complete-filename (str:trim-prefix $typed $flag) | each {|file|
            edit:complex-candidate $flag$file[stem] &display=$file[stem] &code-suffix=$file[code-suffix]
        }
    } else {
        for line $answer {
            var value about = (str:split &max=2 "\t" $line)
            var suffix = ' '
            if (or (str:has-suffix $value '/') (str:has-suffix $value '=')) {
                set suffix = ''
            }
            var display = $value
            if (not-eq $about '') {
                set display = $value' ('$about')'
            }
            edit:complex-candidate $value &display=$display &code-suffix=$suffix
        }
    }
}
