//go:build unix && !linux

package measure

import "syscall"

// ownGroup keeps a terminal's interrupt from the workers: the run kills them itself, and knows why they ended.
var ownGroup = &syscall.SysProcAttr{Setpgid: true}
