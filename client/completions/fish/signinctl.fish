# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of signinctl for fish. The program itself says what there is.

function __signinctl_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l start (commandline -ct)
    for line in ($program _complete -- $words "$start" 2>/dev/null)
        if test "$line" = \tfiles
            __fish_complete_path "$start"
        else
            printf '%s\n' $line
        end
    end
end

complete -c signinctl -f -a '(__signinctl_complete)'
