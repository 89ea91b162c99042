//go:build !unix

package measure

import "syscall"

var ownGroup *syscall.SysProcAttr
