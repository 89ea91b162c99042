package measure

import "syscall"

// ownGroup keeps a terminal's interrupt from the workers: the run kills them itself, and knows why they ended. A worker whose
// run is killed ends, too: the kernel sees to it when the thread that started it is gone, and Go's threads stay.
var ownGroup = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
